SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
  customer_id, key_id, leaf, meta, data, private, recorded_at
FROM es.event WHERE organisation = $1 AND stream_id = $2 AND version > $3 ORDER BY version
