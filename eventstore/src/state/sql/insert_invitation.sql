INSERT INTO state.invitation (invitation_id, organisation, invited_by, hash, expires_at)
VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
ON CONFLICT (invitation_id) DO UPDATE SET
  invited_by = excluded.invited_by, hash = excluded.hash, expires_at = excluded.expires_at
WHERE state.invitation.used_at IS NULL
RETURNING expires_at
