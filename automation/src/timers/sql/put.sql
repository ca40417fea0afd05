-- Another version counts from its own beginning; the same one goes on.
INSERT INTO automation.timer AS t (organisation, rule, rule_version, since)
VALUES ($1, $2, $3, $4)
ON CONFLICT (organisation, rule) DO UPDATE
SET rule_version = excluded.rule_version, since = excluded.since, due_at = NULL, after = NULL,
  look_at = clock_timestamp(), claim = t.claim + 1
WHERE t.rule_version <> excluded.rule_version
