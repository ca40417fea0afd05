INSERT INTO state.token (token_id, organisation, user_id, kind, name, hash, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
