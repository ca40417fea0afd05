-- A customer who had no open run is due now, as is one whose first open run is new.
INSERT INTO automation.line AS l (organisation, customer, due_at)
SELECT c.organisation, c.customer, clock_timestamp()
FROM unnest($1::uuid[], $2::uuid[]) AS c (organisation, customer)
ORDER BY c.organisation, c.customer
ON CONFLICT (organisation, customer) DO UPDATE SET due_at = LEAST(l.due_at, (
  SELECT r.next_attempt_at FROM automation.run AS r
  WHERE r.organisation = l.organisation AND r.customer = l.customer
    AND r.finished_at IS NULL AND NOT r.held
  ORDER BY r.sequence, r.ordinal LIMIT 1
))
