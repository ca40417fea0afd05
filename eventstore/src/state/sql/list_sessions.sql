SELECT session_id, user_id, organisation, user_agent, created_at, last_used_at, expires_at, ended_at
FROM state.session
WHERE (organisation = $1 OR user_id = $2) AND ended_at IS NULL AND expires_at > clock_timestamp()
ORDER BY created_at, session_id
