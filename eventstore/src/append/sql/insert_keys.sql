INSERT INTO keys.person (organisation, key_id, wrapped)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[])
