SELECT password_hash, changed_at FROM state.credential WHERE user_id = $1
