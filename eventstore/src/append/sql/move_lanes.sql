WITH moved AS (
  UPDATE es.lane l SET next_position = m.new, last_recorded_at = $4
  FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS m(lane, old, new)
  WHERE l.lane = m.lane AND l.next_position = m.old
  RETURNING 1
)
-- A division by zero ends the transaction when a counter was not where it should be.
SELECT 1 / (count(*) = cardinality($1::smallint[]))::int FROM moved
