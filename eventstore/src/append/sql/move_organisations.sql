WITH moved AS (
  UPDATE es.organisation o SET next_sequence = m.new, head = m.head
  FROM unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bytea[]) AS m(organisation, lane, old, new, head)
  WHERE o.organisation = m.organisation AND o.lane = m.lane AND o.next_sequence = m.old
  RETURNING o.organisation, m.old, m.new, m.head
), batch AS (
  INSERT INTO es.batch (organisation, first_sequence, last_sequence, root)
  SELECT organisation, old, new - 1, head FROM moved
)
SELECT 1 / (count(*) = cardinality($1::uuid[]))::int FROM moved
