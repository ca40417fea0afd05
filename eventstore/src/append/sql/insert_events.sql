INSERT INTO es.event (lane, position, organisation, sequence, stream_id, version, event_id, type, schema_version,
  customer_id, key_id, leaf, meta, data, private, recorded_at)
SELECT e.*, $16::timestamptz
FROM unnest($1::smallint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::uuid[], $6::bigint[], $7::uuid[], $8::text[],
  $9::smallint[], $10::uuid[], $11::uuid[], $12::bytea[], $13::bytea[], $14::bytea[], $15::bytea[]) AS e
