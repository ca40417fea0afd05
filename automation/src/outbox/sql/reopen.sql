INSERT INTO automation.effect AS e (organisation, effect_id, event_id, message, endpoint, type, sequence, customer, line)
SELECT organisation, effect_id, event_id, message, endpoint, type, sequence, customer, line
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::uuid[], $9::uuid[])
  AS new (organisation, effect_id, event_id, message, endpoint, type, sequence, customer, line)
ON CONFLICT (organisation, effect_id) DO UPDATE
SET attempts = 0, due_at = clock_timestamp(), finished_at = NULL, outcome = NULL, reason = NULL,
  busy_until = NULL
WHERE e.finished_at IS NOT NULL
