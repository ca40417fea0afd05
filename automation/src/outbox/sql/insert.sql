INSERT INTO automation.effect (organisation, effect_id, message, event_id)
SELECT organisation, effect_id, message, event_id
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS new (organisation, effect_id, message, event_id)
ON CONFLICT (organisation, effect_id) DO NOTHING
