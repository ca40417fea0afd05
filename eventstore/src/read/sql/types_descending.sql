SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
  customer_id, key_id, leaf, meta, data, private, recorded_at
FROM es.event
WHERE organisation = $1 AND sequence > $2 AND sequence <= $3 AND type = ANY($4)
ORDER BY sequence DESC LIMIT $5
