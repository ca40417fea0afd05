DELETE FROM document d
USING unnest($1::uuid[], $2::uuid[]) AS k (organisation, id)
WHERE d.organisation = k.organisation AND d.id = k.id
