WITH waiting AS (
  SELECT l.lane, l.next_position - 1 - c.position AS events
  FROM es.lane AS l JOIN automation.checkpoint AS c ON c.lane = l.lane
  WHERE c.position < l.next_position - 1
)
SELECT (SELECT coalesce(sum(w.events), 0)::bigint FROM waiting AS w) AS behind,
  EXISTS (
    SELECT FROM waiting AS w
    JOIN state.lease AS h ON h.name = 'automation.matcher.' || w.lane
    WHERE h.expires_at > clock_timestamp()
  ) AS led,
  (SELECT count(*) FROM automation.run AS r WHERE r.state IN ('failed', 'dead')) AS dead,
  (SELECT count(*) FROM automation.line AS q
   WHERE q.due_at < clock_timestamp() - interval '1 minute') AS overdue
