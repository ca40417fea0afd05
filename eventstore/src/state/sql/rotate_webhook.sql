UPDATE state.webhook
SET old_secret = secret, old_secret_until = clock_timestamp() + make_interval(secs => $5), secret = $3, rotated_by = $4
WHERE organisation = $1 AND webhook_id = $2 AND rotated_by IS DISTINCT FROM $4
