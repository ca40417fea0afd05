SELECT fingerprint, first_sequence, last_sequence FROM es.command WHERE organisation = $1 AND command_id = $2
