SELECT d.organisation, d.id, d.body
FROM unnest($1::uuid[], $2::uuid[]) AS k (organisation, id)
JOIN document d ON d.organisation = k.organisation AND d.id = k.id
UNION ALL
SELECT d.organisation, d.id, d.body
FROM unnest($3::uuid[], $4::uuid[]) AS s (organisation, subject)
JOIN document d ON d.organisation = s.organisation AND d.subject = s.subject
