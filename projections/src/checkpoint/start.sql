WITH version AS (INSERT INTO about (version) VALUES ($1))
INSERT INTO checkpoint (lane, position, epoch)
SELECT lane, position, 0 FROM unnest($2::smallint[], $3::bigint[]) AS n (lane, position)
