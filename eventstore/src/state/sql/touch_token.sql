UPDATE state.token SET last_used_at = clock_timestamp() WHERE token_id = $1
