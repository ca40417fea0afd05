SELECT rule, rule_version, definition
FROM automation.rule
WHERE organisation = $1 AND active
ORDER BY rule
