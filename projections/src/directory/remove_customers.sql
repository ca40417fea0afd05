WITH removed AS (
  DELETE FROM marks k WHERE k.number = $1 AND k.customer = ANY ($2))
DELETE FROM customers d
WHERE d.number = $1 AND d.customer = ANY ($2)
RETURNING d.number, d.customer, d.archived, d.sort_text, d.terms
