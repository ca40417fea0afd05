-- One statement, so that of many tries at once none slips past the delay of the others.
INSERT INTO state.sign_in_attempt AS a (subject, failures) VALUES ($1, 1)
ON CONFLICT (subject) DO UPDATE SET
  failures = CASE WHEN a.last_at < clock_timestamp() - interval '1 day' THEN 1 ELSE a.failures + 1 END,
  last_at = clock_timestamp()
WHERE a.failures < $2
  OR a.last_at + make_interval(secs => least($3, power(2::float8, least(a.failures - $2, 20)))) <= clock_timestamp()
