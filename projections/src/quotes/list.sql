SELECT d.body FROM quotes.document d
WHERE d.organisation = $1
  AND ($2::uuid IS NULL OR d.subject = $2)
  AND ($3::text IS NULL
    OR $3 = CASE WHEN d.status = 'sent' AND d.valid_until < $4 THEN 'expired' ELSE d.status END)
  AND (d.drafted_us, d.added) < /* key */ ($5, $6)
  AND ($8 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($9::uuid[]) OR c.body -> 'workers' ?| $10::text[])))
ORDER BY d.drafted_us DESC, d.added DESC LIMIT $7
