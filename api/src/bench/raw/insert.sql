-- The version check: the stream must end where the writer believes it to; the unique index sees to races.
INSERT INTO bare.event (stream_id, version, type, meta, data)
SELECT $1::uuid, $2::bigint + 1, 'customer.note_added', $3::jsonb, $4::jsonb
WHERE (SELECT coalesce(max(e.version), 0) FROM bare.event e WHERE e.stream_id = $1::uuid) = $2::bigint
