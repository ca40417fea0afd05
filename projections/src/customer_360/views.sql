SELECT d.body FROM customer_360.document d
WHERE d.organisation = $1 AND d.id = ANY ($2) AND d.kind = 'customer'
ORDER BY d.id
