-- Of each customer the newest events beyond its sequence: of its own stream, which lies in the order of
-- versions and is read from its end where the last one is new, and of other streams.
SELECT e.lane, e.position, e.organisation, e.sequence, e.stream_id, e.version, e.event_id, e.type,
  e.schema_version, e.customer_id, e.key_id, e.leaf, e.meta, e.data, NULL::bytea AS private, e.recorded_at
FROM unnest($2::uuid[], $3::bigint[]) AS k (customer, since)
CROSS JOIN LATERAL (
  SELECT own.lane, own.position, own.organisation, own.sequence, own.stream_id, own.version, own.event_id,
    own.type, own.schema_version, own.customer_id, own.key_id, own.leaf, own.meta, own.data, own.recorded_at
  FROM (
    SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
      customer_id, key_id, leaf, meta, data, recorded_at
    FROM es.event
    WHERE organisation = $1 AND stream_id = k.customer AND k.since < (
      SELECT newest.sequence FROM es.event newest
      WHERE newest.organisation = $1 AND newest.stream_id = k.customer
      ORDER BY newest.version DESC LIMIT 1)
    ORDER BY version DESC LIMIT $4) own
  WHERE own.sequence > k.since
  UNION ALL (
    SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
      customer_id, key_id, leaf, meta, data, recorded_at
    FROM es.event
    WHERE organisation = $1 AND customer_id = k.customer AND customer_id <> stream_id AND sequence > k.since
    ORDER BY sequence DESC LIMIT $4)
) e
ORDER BY e.sequence
