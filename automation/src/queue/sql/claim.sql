-- Only the first open run of a customer is due: the order per customer holds across processes.
WITH due AS (
  SELECT r.organisation, r.run_id
  FROM automation.run AS r
  WHERE r.finished_at IS NULL AND r.next_attempt_at <= statement_timestamp()
    AND NOT EXISTS (
      SELECT 1 FROM automation.run AS earlier
      WHERE earlier.organisation = r.organisation AND earlier.customer = r.customer
        AND earlier.finished_at IS NULL AND NOT earlier.held
        AND (earlier.sequence, earlier.ordinal) < (r.sequence, r.ordinal)
    )
  ORDER BY r.next_attempt_at, r.organisation, r.run_id
  LIMIT $1
  FOR UPDATE OF r SKIP LOCKED
)
UPDATE automation.run AS r
SET state = CASE r.state WHEN 'waiting' THEN 'running' ELSE r.state END,
  held = false,
  claim = r.claim + 1,
  next_attempt_at = clock_timestamp() + make_interval(secs => $2)
FROM due
WHERE r.organisation = due.organisation AND r.run_id = due.run_id
RETURNING r.organisation, r.run_id, r.rule, r.rule_version, r.trigger_event,
  r.trigger_recorded_at, r.customer, r.correlation_id, r.chain, r.state, r.step, r.steps,
  r.attempts, r.reason, r.started_at, r.resumed, r.claim
