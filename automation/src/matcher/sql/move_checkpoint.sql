-- Moves nothing when another matcher has been here, or has taken the lease since.
UPDATE automation.checkpoint SET position = $3, epoch = $4
WHERE lane = $1 AND position = $2 AND epoch <= $4
