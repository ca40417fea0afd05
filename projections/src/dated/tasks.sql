SELECT d.id, d.subject, d.due AS day FROM tasks.document d
WHERE d.organisation = $1 AND NOT d.done AND NOT d.deleted AND d.subject <> d.id
  AND d.due BETWEEN $2::text AND $3::text
  AND ($4::uuid IS NULL OR d.subject = $4)
  AND d.id > $5
  AND ($7 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($8::uuid[]) OR c.body -> 'workers' ?| $9::text[])))
ORDER BY d.id LIMIT $6
