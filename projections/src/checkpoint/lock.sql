SELECT c.lane, c.position, (SELECT a.version FROM about a) AS version,
  EXISTS (SELECT FROM state.parked p WHERE p.follower = $2) AS parked
FROM checkpoint c WHERE c.lane = ANY ($1)
ORDER BY c.lane FOR UPDATE OF c
