SELECT organisation, subject, sequence, error FROM state.parked
WHERE follower = $1 ORDER BY parked_at, organisation, subject
