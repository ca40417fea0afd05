SELECT b.first_sequence, e.leaf
FROM unnest($2::bigint[], $3::bigint[]) AS b(first_sequence, last_sequence)
JOIN es.event e
  ON e.organisation = $1 AND e.sequence BETWEEN b.first_sequence AND b.last_sequence
ORDER BY e.sequence
