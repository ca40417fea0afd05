UPDATE state.lease SET expires_at = '-infinity' WHERE name = $1 AND owner = $2
