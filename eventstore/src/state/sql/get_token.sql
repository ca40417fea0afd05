SELECT token_id, organisation, user_id, kind, role, opens_all, name, created_at, expires_at, revoked_at, last_used_at FROM state.token WHERE token_id = $1
