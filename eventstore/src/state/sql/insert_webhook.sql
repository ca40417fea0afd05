INSERT INTO state.webhook (webhook_id, organisation, secret) VALUES ($1, $2, $3)
ON CONFLICT (webhook_id) DO NOTHING
