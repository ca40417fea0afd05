UPDATE state.token SET revoked_at = coalesce(revoked_at, clock_timestamp()) WHERE organisation = $1 AND token_id = $2
