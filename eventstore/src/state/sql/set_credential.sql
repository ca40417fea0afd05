INSERT INTO state.credential (user_id, password_hash, demo) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET
  password_hash = excluded.password_hash, demo = excluded.demo, changed_at = clock_timestamp()
