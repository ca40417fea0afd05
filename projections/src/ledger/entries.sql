-- The balances run over all entries of the account, so they are summed up before the page is cut out.
SELECT e.body, e.balance, e.credit FROM (
  SELECT d.body, d.day, d.sequence,
    sum((d.body ->> 'balance_change')::numeric) OVER account AS balance,
    sum((d.body ->> 'credit_change')::numeric) OVER account AS credit
  FROM ledger.document d
  WHERE d.organisation = $1 AND d.subject = $2 AND d.kind = 'entry'
    AND ($6 OR EXISTS (
      SELECT FROM customer_360.document c
      WHERE c.organisation = $1 AND c.id = d.subject
        AND (c.folder = ANY ($7::uuid[]) OR c.body -> 'workers' ?| $8::text[])))
  WINDOW account AS (PARTITION BY d.body ->> 'currency' ORDER BY d.day, d.sequence)) e
WHERE (e.day, e.sequence) < /* key */ ($3, $4)
ORDER BY e.day DESC, e.sequence DESC LIMIT $5
