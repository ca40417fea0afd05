SELECT invitation_id, organisation, invited_by, expires_at, used_at FROM state.invitation
WHERE organisation = $1 AND used_at IS NULL
ORDER BY invitation_id DESC LIMIT 500
