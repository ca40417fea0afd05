INSERT INTO es.claim (organisation, kind, value, stream_id)
SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::uuid[])
