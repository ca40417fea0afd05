SELECT d.body FROM files.document d
WHERE d.organisation = $1 AND d.subject = $2
  AND d.scope = ANY ($3::text[]) AND NOT d.removed
  AND d.uploaded < /* key */ $4
  AND ($6 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($7::uuid[]) OR c.body -> 'workers' ?| $8::text[])))
ORDER BY d.uploaded DESC LIMIT $5
