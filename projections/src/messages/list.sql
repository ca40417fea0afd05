SELECT d.body FROM messages.document d
WHERE d.organisation = $1 AND d.subject = $2
  AND (d.at_us, d.begun) < /* key */ ($3, $4)
  AND ($6 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($7::uuid[]) OR c.body -> 'workers' ?| $8::text[])))
ORDER BY d.at_us DESC, d.begun DESC LIMIT $5
