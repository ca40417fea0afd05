-- If a crash of the database forgets a claim, or below an end, the run is done again, which does
-- nothing: so neither waits for the disk. The log of its own effects does.
WITH due AS (
  SELECT organisation, customer FROM automation.line
  WHERE due_at <= statement_timestamp()
  ORDER BY due_at, organisation, customer
  LIMIT $1
  FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE automation.line AS l
  SET due_at = clock_timestamp() + make_interval(secs => $2), claim = l.claim + 1
  FROM due
  WHERE l.organisation = due.organisation AND l.customer = due.customer
  RETURNING l.organisation, l.customer, l.claim
), begun AS (
  UPDATE automation.run AS r
  SET state = CASE WHEN r.state IN ('waiting', 'queued') THEN 'running' ELSE r.state END,
    held = false,
    next_attempt_at = clock_timestamp() + make_interval(secs => $2)
  FROM taken AS t CROSS JOIN LATERAL (
    SELECT candidate.run_id
    FROM (
      (
        SELECT run_id, sequence, ordinal, next_attempt_at FROM automation.run
        WHERE organisation = t.organisation AND customer = t.customer
          AND finished_at IS NULL AND NOT held
        ORDER BY sequence, ordinal LIMIT 1
      )
      UNION ALL
      (
        SELECT run_id, sequence, ordinal, next_attempt_at FROM automation.run
        WHERE organisation = t.organisation AND customer = t.customer
          AND finished_at IS NULL AND held
        ORDER BY next_attempt_at, run_id LIMIT 1
      )
    ) AS candidate
    WHERE candidate.next_attempt_at <= statement_timestamp()
    ORDER BY candidate.sequence, candidate.ordinal
    LIMIT 1
  ) AS first
  WHERE r.organisation = t.organisation AND r.run_id = first.run_id
  RETURNING r.organisation, r.customer, r.run_id, r.rule, r.rule_version, r.trigger_event,
    r.trigger_type, r.trigger_recorded_at, r.correlation_id, r.chain, r.state, r.step, r.steps, r.attempts,
    r.reason, r.started_at, r.resumed
)
-- A line without a due run comes along as well, to be put in order.
SELECT t.organisation, t.customer, t.claim, b.run_id, b.rule, b.rule_version, b.trigger_event,
  b.trigger_type, b.trigger_recorded_at, b.correlation_id, b.chain, b.state, b.step, b.steps, b.attempts,
  b.reason, b.started_at, b.resumed, statement_timestamp() AS now,
  set_config('synchronous_commit', 'off', true) AS unhurried
FROM taken AS t
LEFT JOIN begun AS b ON b.organisation = t.organisation AND b.customer = t.customer
