-- Open tasks are few beside those done, and their index has them in this order.
SELECT d.body FROM tasks.document d
WHERE d.organisation = $1 AND NOT d.done AND NOT d.deleted AND d.body ->> 'title' ILIKE $2
  AND ($4 OR d.subject = d.id OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($5::uuid[]) OR c.body -> 'workers' ?| $6::text[])))
ORDER BY d.due, d.added LIMIT $3
