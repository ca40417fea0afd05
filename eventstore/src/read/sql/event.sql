SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
  customer_id, key_id, leaf, meta, data, private, recorded_at
FROM es.event WHERE event_id = $2 AND organisation = $1
