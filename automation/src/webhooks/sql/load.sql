SELECT organisation, webhook_id, active, definition FROM automation.webhook WHERE lane = $1
