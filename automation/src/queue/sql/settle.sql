-- The line is due with the first of its open runs, or with the first that a limit holds; without
-- any it goes away.
WITH next AS (
  SELECT min(open.next_attempt_at) AS due_at
  FROM (
    (
      SELECT next_attempt_at FROM automation.run
      WHERE organisation = $1 AND customer = $2 AND finished_at IS NULL AND NOT held
      ORDER BY sequence, ordinal LIMIT 1
    )
    UNION ALL
    (
      SELECT next_attempt_at FROM automation.run
      WHERE organisation = $1 AND customer = $2 AND finished_at IS NULL AND held
      ORDER BY next_attempt_at, run_id LIMIT 1
    )
  ) AS open
), gone AS (
  DELETE FROM automation.line AS l USING next
  WHERE l.organisation = $1 AND l.customer = $2 AND next.due_at IS NULL
)
UPDATE automation.line AS l SET due_at = next.due_at
FROM next
WHERE l.organisation = $1 AND l.customer = $2 AND next.due_at IS NOT NULL
