WITH over AS (DELETE FROM state.portal_session WHERE link_id = $2 AND expires_at < clock_timestamp())
INSERT INTO state.portal_session (hash, link_id, expires_at)
VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
