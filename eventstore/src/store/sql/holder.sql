SELECT stream_id FROM es.claim WHERE organisation = $1 AND kind = $2 AND value = $3
