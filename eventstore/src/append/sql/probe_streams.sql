-- Each expected version must be there; the next one cannot be, by the unique index.
SELECT 1 / (count(*) = cardinality($1::uuid[]))::int
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS p(organisation, stream_id, version)
WHERE EXISTS (
  SELECT FROM es.event e
  WHERE e.organisation = p.organisation AND e.stream_id = p.stream_id AND e.version = p.version
)
