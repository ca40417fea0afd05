WITH first AS (
  INSERT INTO state.first_look (organisation, user_id, sequence) VALUES ($1, $2, $4)
  ON CONFLICT DO NOTHING
)
INSERT INTO state.look AS l (organisation, user_id, customer_id, seen, seen_at)
VALUES ($1, $2, $3, $4, clock_timestamp())
ON CONFLICT (organisation, user_id, customer_id) DO UPDATE SET
  before = CASE WHEN l.seen_at < excluded.seen_at - make_interval(secs => $5)
    THEN l.seen ELSE l.before END,
  before_at = CASE WHEN l.seen_at < excluded.seen_at - make_interval(secs => $5)
    THEN l.seen_at ELSE l.before_at END,
  seen = greatest(l.seen, excluded.seen),
  seen_at = excluded.seen_at
