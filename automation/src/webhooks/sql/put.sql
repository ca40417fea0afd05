INSERT INTO automation.webhook (organisation, webhook_id, lane, active, definition)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organisation, webhook_id) DO UPDATE SET active = excluded.active, definition = excluded.definition
