DELETE FROM state.webhook WHERE organisation = $1 AND webhook_id = $2
