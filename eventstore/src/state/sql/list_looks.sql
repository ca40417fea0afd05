SELECT c.customer_id, coalesce(l.seen, f.sequence) AS sequence
FROM state.first_look f
CROSS JOIN unnest($3::uuid[]) AS c (customer_id)
LEFT JOIN state.look l
  ON l.organisation = f.organisation AND l.user_id = f.user_id AND l.customer_id = c.customer_id
WHERE f.organisation = $1 AND f.user_id = $2
