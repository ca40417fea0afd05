UPDATE state.session SET ended_at = clock_timestamp() WHERE session_id = $1 AND ended_at IS NULL
