-- Whoever writes runs of this customer meanwhile is waited for here, so that the next statement
-- sees them. The commit does not wait for the disk; see claim.sql.
SELECT set_config('synchronous_commit', 'off', true) AS unhurried FROM automation.line
WHERE organisation = $1 AND customer = $2 AND claim = $3
FOR UPDATE
