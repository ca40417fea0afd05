-- Where the last look is too old, the visit has begun without one yet.
SELECT
  CASE WHEN v.is_over THEN l.seen ELSE l.before END AS sequence,
  CASE WHEN v.is_over THEN l.seen_at ELSE l.before_at END AS at
FROM state.look l
CROSS JOIN LATERAL (SELECT l.seen_at < clock_timestamp() - make_interval(secs => $4) AS is_over) v
WHERE l.organisation = $1 AND l.user_id = $2 AND l.customer_id = $3
