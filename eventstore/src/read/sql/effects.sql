-- Effects follow their cause and, where it is about a customer, are about the same one.
SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
  customer_id, key_id, leaf, meta, data, private, recorded_at
FROM es.event
WHERE organisation = $1 AND sequence > $3
  AND ($2::uuid IS NULL OR stream_id = $2 OR customer_id = $2)
  AND position(convert_to($4, 'UTF8') IN meta) > 0
ORDER BY sequence LIMIT $5
