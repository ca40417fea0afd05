INSERT INTO es.counter (organisation, series, next)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[])
ON CONFLICT (organisation, series) DO UPDATE SET next = excluded.next
