DELETE FROM state.session WHERE user_id = $1 AND expires_at < clock_timestamp() - interval '30 days'
