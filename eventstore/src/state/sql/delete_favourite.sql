DELETE FROM state.favourite WHERE organisation = $1 AND user_id = $2 AND customer_id = $3
