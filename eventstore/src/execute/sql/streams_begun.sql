SELECT DISTINCT stream_id FROM es.event
WHERE organisation = $1 AND type = $2 AND type IN ('member.added', 'folder.created')
ORDER BY stream_id
