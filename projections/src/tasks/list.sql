SELECT d.body FROM tasks.document d
WHERE d.organisation = $1 AND NOT d.deleted
  AND ($2::uuid IS NULL OR d.subject = $2)
  AND ($3::uuid IS NULL OR d.assignee = $3)
  AND ($4::boolean IS NULL OR d.done = $4)
  AND ($5::bigint IS NULL OR (d.body ->> 'created_us')::bigint >= $5)
  AND ($6::text IS NULL OR d.due <= $6)
  AND (d.due, d.added) > /* key */ ($7, $8)
  AND ($10 OR d.subject = d.id OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($11::uuid[]) OR c.body -> 'workers' ?| $12::text[])))
ORDER BY d.due, d.added LIMIT $9
