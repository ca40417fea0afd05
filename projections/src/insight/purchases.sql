-- Days on which something was bought and not taken back, of one customer or of all.
SELECT d.subject, d.day, d.currency, sum(d.bought)::float8 AS spent
FROM insight.document d
WHERE d.organisation = $1 AND ($2::uuid IS NULL OR d.subject = $2) AND d.day <= $3
GROUP BY d.subject, d.day, d.currency
-- What costs nothing is a purchase as well, where nothing was taken back.
HAVING bool_or(d.kind <> 'credit_note')
  AND (sum(d.bought) > 0
    OR sum(d.bought) = 0
    AND bool_and(d.kind = 'placed_order' OR d.kind <> 'credit_note' AND d.bought = d.amount))
ORDER BY d.subject, d.day, d.currency
