SELECT d.body FROM teams.document d
WHERE d.organisation = $1 AND d.archived = $2
ORDER BY lower(d.body ->> 'name'), d.id
