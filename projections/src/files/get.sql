SELECT d.body FROM files.document d
WHERE d.organisation = $1 AND d.id = $2
  AND ($3 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($4::uuid[]) OR c.body -> 'workers' ?| $5::text[])))
