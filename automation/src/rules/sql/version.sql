SELECT owner, definition
FROM automation.rule
WHERE organisation = $1 AND rule = $2 AND rule_version = $3
