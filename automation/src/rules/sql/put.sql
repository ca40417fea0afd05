-- Of a rule's versions only one is active; it is written after the draft beside it.
WITH older AS (
  UPDATE automation.rule SET active = false
  WHERE organisation = $1 AND rule = $2 AND rule_version <> $3 AND active
)
INSERT INTO automation.rule (organisation, rule, rule_version, lane, owner, active, definition)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organisation, rule, rule_version) DO UPDATE SET active = excluded.active
