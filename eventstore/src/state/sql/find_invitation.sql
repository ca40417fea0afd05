SELECT invitation_id, organisation, invited_by, expires_at, used_at FROM state.invitation WHERE hash = $1
