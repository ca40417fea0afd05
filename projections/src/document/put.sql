INSERT INTO document (organisation, id, subject, body)
SELECT organisation, id, subject, body
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::jsonb[]) AS n (organisation, id, subject, body)
ON CONFLICT (organisation, id) DO UPDATE SET subject = excluded.subject, body = excluded.body
