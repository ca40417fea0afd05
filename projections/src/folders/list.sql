SELECT d.body FROM folders.document d
WHERE d.organisation = $1 AND (NOT d.archived OR $2)
ORDER BY lower(d.body ->> 'name'), d.id
