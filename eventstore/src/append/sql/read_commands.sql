SELECT k.organisation, k.command_id, k.fingerprint, k.first_sequence, k.last_sequence
FROM unnest($1::uuid[], $2::uuid[]) AS c(organisation, command_id)
CROSS JOIN LATERAL (
  SELECT * FROM es.command k WHERE k.organisation = c.organisation AND k.command_id = c.command_id LIMIT 1
) AS k
