INSERT INTO progress AS p (organisation, sequence)
SELECT organisation, sequence FROM unnest($1::uuid[], $2::bigint[]) AS n (organisation, sequence)
ON CONFLICT (organisation) DO UPDATE SET sequence = excluded.sequence
WHERE p.sequence < excluded.sequence
