INSERT INTO automation.effect (organisation, effect_id, event_id, message, endpoint, type, sequence, customer, line, rule, rule_version)
SELECT organisation, effect_id, event_id, message, endpoint, type, sequence, customer, line, rule, rule_version
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::uuid[], $9::uuid[], $10::uuid[], $11::bigint[])
  AS new (organisation, effect_id, event_id, message, endpoint, type, sequence, customer, line, rule, rule_version)
ON CONFLICT (organisation, effect_id) DO NOTHING
