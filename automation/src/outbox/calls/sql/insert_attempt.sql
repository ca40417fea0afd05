INSERT INTO automation.attempt (organisation, effect_id, attempted_at, took_ms, body_sha256, status, error, response)
SELECT e.organisation, e.effect_id, $3, $4, $5, $6, $7, $8
FROM automation.effect AS e WHERE e.organisation = $1 AND e.effect_id = $2
ON CONFLICT (organisation, effect_id, attempted_at) DO NOTHING
