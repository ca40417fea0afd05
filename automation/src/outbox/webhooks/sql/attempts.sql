SELECT attempted_at, took_ms, body_sha256, status, error, response
FROM automation.attempt
WHERE organisation = $1 AND effect_id = $2
ORDER BY attempted_at
