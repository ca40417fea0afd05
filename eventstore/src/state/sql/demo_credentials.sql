SELECT user_id FROM state.credential WHERE demo ORDER BY user_id
