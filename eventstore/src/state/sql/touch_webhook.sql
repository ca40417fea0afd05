UPDATE state.webhook
SET last_success_at = CASE WHEN $3 THEN clock_timestamp() ELSE last_success_at END,
  last_failure_at = CASE WHEN $3 THEN last_failure_at ELSE clock_timestamp() END
WHERE organisation = $1 AND webhook_id = $2
