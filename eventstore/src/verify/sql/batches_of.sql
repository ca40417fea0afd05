-- The batch in which each sequence lies, once, with the root before it.
SELECT DISTINCT b.first_sequence, b.last_sequence, b.root, p.root AS previous
FROM unnest($2::bigint[]) AS s(sequence)
CROSS JOIN LATERAL (
  SELECT b.first_sequence, b.last_sequence, b.root FROM es.batch b
  WHERE b.organisation = $1 AND b.first_sequence <= s.sequence
  ORDER BY b.first_sequence DESC LIMIT 1
) AS b
LEFT JOIN LATERAL (
  SELECT p.root FROM es.batch p
  WHERE p.organisation = $1 AND p.first_sequence < b.first_sequence
  ORDER BY p.first_sequence DESC LIMIT 1
) AS p ON true
WHERE b.last_sequence >= s.sequence
ORDER BY b.first_sequence
