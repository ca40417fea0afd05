INSERT INTO es.command (organisation, command_id, fingerprint, first_sequence, last_sequence)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[])
