SELECT d.body FROM notifications.document d
WHERE d.organisation = $1 AND d.recipient = $2 AND d.sequence < /* key */ $3
  AND ($5 OR d.subject = (d.body ->> 'id')::uuid OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($6::uuid[]) OR c.body -> 'workers' ?| $7::text[])))
ORDER BY d.sequence DESC LIMIT $4
