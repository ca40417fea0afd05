DELETE FROM state.sign_in_attempt WHERE subject = $1 OR last_at < clock_timestamp() - interval '1 day'
