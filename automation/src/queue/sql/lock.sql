-- Whoever writes runs of this customer meanwhile is waited for here, so that the next statement
-- sees them.
SELECT claim FROM automation.line
WHERE organisation = $1 AND customer = $2 AND claim = $3
FOR UPDATE
