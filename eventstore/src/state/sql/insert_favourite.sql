INSERT INTO state.favourite (organisation, user_id, customer_id) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING
