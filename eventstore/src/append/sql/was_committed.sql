SELECT EXISTS (SELECT FROM es.event WHERE lane = $1 AND position = $2 AND event_id = $3)
    OR EXISTS (SELECT FROM es.command WHERE organisation = $4 AND command_id = $5 AND fingerprint = $6)
