SELECT session_id, user_id, organisation, user_agent, created_at, last_used_at, expires_at, ended_at
FROM state.session WHERE hash = $1
