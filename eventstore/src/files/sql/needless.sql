-- Files of which the log knows nothing, and those that cannot be brought back any more.
SELECT f.id FROM unnest($2::uuid[]) AS f (id)
LEFT JOIN LATERAL (
  SELECT e.type, e.recorded_at FROM es.event e
  WHERE e.organisation = $1 AND e.stream_id = f.id
  ORDER BY e.version DESC LIMIT 1
) last ON true
WHERE last.type IS NULL
   OR (last.type = 'file.removed' AND last.recorded_at < clock_timestamp() - interval '31 days')
