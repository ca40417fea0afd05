-- Two index scans: the customer's own stream, and what other streams say of the customer.
(
  SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
  customer_id, key_id, leaf, meta, data, private, recorded_at
  FROM es.event WHERE organisation = $1 AND stream_id = $2
)
UNION ALL
(
  SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
  customer_id, key_id, leaf, meta, data, private, recorded_at
  FROM es.event WHERE organisation = $1 AND customer_id = $2 AND customer_id <> stream_id
)
ORDER BY sequence
