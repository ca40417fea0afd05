SELECT d.body FROM ledger.document d
WHERE d.organisation = $1 AND d.subject = $2 AND d.kind = 'funds'
  AND d.body ->> 'what' = ANY ($3::text[])
  AND (d.day, d.sequence) < /* key */ ($4, $5)
  AND ($7 OR EXISTS (
    SELECT FROM customer_360.document c
    WHERE c.organisation = $1 AND c.id = d.subject
      AND (c.folder = ANY ($8::uuid[]) OR c.body -> 'workers' ?| $9::text[])))
ORDER BY d.day DESC, d.sequence DESC LIMIT $6
