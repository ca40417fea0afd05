-- Moves nothing when another matcher has been here, or has taken the lease since.
-- What a crash of the database forgets is matched again, so the commit does not wait for the disk.
UPDATE automation.checkpoint SET position = $3, epoch = $4
WHERE lane = $1 AND position = $2 AND epoch <= $4
RETURNING set_config('synchronous_commit', 'off', true) AS unhurried
