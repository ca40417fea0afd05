SELECT k.organisation, k.kind, k.value, k.stream_id
FROM unnest($1::uuid[], $2::smallint[], $3::uuid[]) AS c(organisation, kind, value)
CROSS JOIN LATERAL (
  SELECT * FROM es.claim k WHERE k.organisation = c.organisation AND k.kind = c.kind AND k.value = c.value LIMIT 1
) AS k
