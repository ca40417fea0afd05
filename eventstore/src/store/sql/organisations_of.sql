SELECT o.organisation FROM es.organisation o
WHERE EXISTS (
  SELECT FROM es.event e
  WHERE e.organisation = o.organisation AND e.stream_id = $1 AND e.version = 1 AND e.type = 'member.added'
)
ORDER BY o.organisation
