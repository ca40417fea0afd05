SELECT DISTINCT ON (organisation, rule) organisation, rule, rule_version, owner, active, definition
FROM automation.rule
WHERE lane = $1
ORDER BY organisation, rule, rule_version DESC
