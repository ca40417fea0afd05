SELECT rule, rule_version, owner, definition
FROM automation.rule
WHERE organisation = $1 AND active
ORDER BY rule
