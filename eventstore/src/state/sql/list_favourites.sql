SELECT customer_id FROM state.favourite
WHERE organisation = $1 AND user_id = $2 AND ($3::uuid[] IS NULL OR customer_id = ANY($3))
