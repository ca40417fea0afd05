SELECT s.organisation, s.stream_id, e.version
FROM unnest($1::uuid[], $2::uuid[]) AS s(organisation, stream_id)
CROSS JOIN LATERAL (
  SELECT e.version FROM es.event e
  WHERE e.organisation = s.organisation AND e.stream_id = s.stream_id ORDER BY e.version DESC LIMIT 1
) AS e
