SELECT d.body FROM orders.document d
WHERE d.organisation = $1 AND ($2::uuid IS NULL OR d.subject = $2)
  AND (d.placed_us, d.sequence) < /* key */ ($3, $4)
  AND ($6 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($7::uuid[]) OR c.body -> 'workers' ?| $8::text[])))
ORDER BY d.placed_us DESC, d.sequence DESC LIMIT $5
