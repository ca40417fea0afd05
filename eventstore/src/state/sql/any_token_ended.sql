SELECT count(*) < cardinality($1::uuid[]) FROM state.token
WHERE token_id = ANY ($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
