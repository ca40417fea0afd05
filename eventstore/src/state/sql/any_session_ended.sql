SELECT count(*) < cardinality($1::uuid[]) FROM state.session
WHERE session_id = ANY ($1) AND ended_at IS NULL AND expires_at > clock_timestamp()
