WITH due AS (
  SELECT organisation, rule FROM automation.timer
  WHERE look_at <= statement_timestamp()
  ORDER BY look_at, organisation, rule
  LIMIT 1
  FOR UPDATE SKIP LOCKED
)
UPDATE automation.timer AS t
SET look_at = clock_timestamp() + make_interval(secs => $1), claim = t.claim + 1
FROM due
WHERE t.organisation = due.organisation AND t.rule = due.rule
RETURNING t.organisation, t.rule, t.rule_version, t.since, t.due_at, t.after, t.claim,
  statement_timestamp() AS now
