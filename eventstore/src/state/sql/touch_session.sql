UPDATE state.session
SET last_used_at = clock_timestamp(),
  expires_at = least(clock_timestamp() + make_interval(secs => $2), created_at + make_interval(secs => $3))
WHERE session_id = $1 AND ended_at IS NULL AND expires_at > clock_timestamp()
