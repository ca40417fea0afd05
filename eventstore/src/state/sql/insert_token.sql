INSERT INTO state.token (token_id, organisation, user_id, kind, name, hash, expires_at, role, opens_all)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
