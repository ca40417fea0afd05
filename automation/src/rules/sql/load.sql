-- The version in force, and the last of those that are not.
SELECT DISTINCT ON (organisation, rule, active)
  organisation, rule, rule_version, owner, active, definition
FROM automation.rule
WHERE lane = $1
ORDER BY organisation, rule, active DESC, rule_version DESC
