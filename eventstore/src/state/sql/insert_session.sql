INSERT INTO state.session (session_id, user_id, organisation, hash, user_agent, expires_at)
VALUES ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
RETURNING session_id, user_id, organisation, user_agent, created_at, last_used_at, expires_at, ended_at
