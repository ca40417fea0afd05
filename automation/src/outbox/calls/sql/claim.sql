-- From one endpoint with something left to the next, each by a look into the index: however much
-- waits for one of them, it costs the others nothing.
WITH RECURSIVE waiting AS (
  (
    SELECT e.endpoint FROM automation.effect AS e
    WHERE e.finished_at IS NULL AND e.endpoint IS NOT NULL
    ORDER BY e.endpoint LIMIT 1
  )
  UNION ALL
  SELECT (
    SELECT e.endpoint FROM automation.effect AS e
    WHERE e.finished_at IS NULL AND e.endpoint > w.endpoint
    ORDER BY e.endpoint LIMIT 1
  )
  FROM waiting AS w WHERE w.endpoint IS NOT NULL
), due AS (
  SELECT taken.organisation, taken.effect_id
  FROM waiting AS w
  CROSS JOIN LATERAL (
    SELECT e.organisation, e.effect_id FROM automation.effect AS e
    WHERE e.endpoint = w.endpoint AND e.finished_at IS NULL AND e.due_at <= statement_timestamp()
      AND NOT EXISTS (
        SELECT FROM automation.effect AS earlier
        WHERE earlier.endpoint = e.endpoint AND earlier.line = e.line
          AND earlier.sequence < e.sequence AND earlier.finished_at IS NULL
      )
    ORDER BY e.due_at, e.effect_id
    LIMIT greatest(0, $3::bigint - (
      SELECT count(*) FROM automation.effect AS b
      WHERE b.endpoint = w.endpoint AND b.finished_at IS NULL AND b.busy_until > statement_timestamp()
    ))
    FOR UPDATE SKIP LOCKED
  ) AS taken
  WHERE w.endpoint IS NOT NULL
  LIMIT $1
)
UPDATE automation.effect AS e
SET due_at = clock_timestamp() + make_interval(secs => $2),
  busy_until = clock_timestamp() + make_interval(secs => $2), claim = e.claim + 1
FROM due
WHERE e.organisation = due.organisation AND e.effect_id = due.effect_id
RETURNING e.organisation, e.effect_id, e.endpoint, e.event_id, e.attempts, e.created_at, e.claim, e.rule, e.rule_version
