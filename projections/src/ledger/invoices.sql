SELECT d.body FROM ledger.document d
WHERE d.organisation = $1 AND d.kind = 'invoice'
  AND ($2::uuid IS NULL OR d.subject = $2)
  AND CASE $3::text
    WHEN 'paid' THEN d.due IS NULL
    WHEN 'unpaid' THEN d.due IS NOT NULL
    WHEN 'overdue' THEN d.due < $4::text
    WHEN 'open' THEN d.due >= $4::text
    ELSE TRUE END
  AND (d.day, d.sequence) < /* key */ ($5, $6)
  AND ($8 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($9::uuid[]) OR c.body -> 'workers' ?| $10::text[])))
ORDER BY d.day DESC, d.sequence DESC LIMIT $7
