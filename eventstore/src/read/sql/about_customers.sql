SELECT lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
  customer_id, key_id, leaf, meta, data, private, recorded_at
FROM es.event
WHERE organisation = $1 AND customer_id <> stream_id AND (customer_id, sequence) > ($2, $3)
  AND (split_part(type, '.', 1) = ANY ($4::text[]) OR type = ANY ($4::text[])) AND position <= $5
ORDER BY organisation, customer_id, sequence LIMIT $6
