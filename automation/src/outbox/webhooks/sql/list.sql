SELECT effect_id, event_id, type, sequence, outcome, reason, due_at, created_at, finished_at,
  rule, rule_version
FROM automation.effect
WHERE organisation = $1 AND endpoint = $2 AND (sequence, effect_id) < /* key */ ($3, $4)
  AND ($5::text IS NULL OR coalesce(outcome, 'pending') = $5)
ORDER BY sequence DESC, effect_id DESC
LIMIT $6
