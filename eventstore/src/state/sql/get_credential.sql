SELECT password_hash FROM state.credential WHERE user_id = $1
