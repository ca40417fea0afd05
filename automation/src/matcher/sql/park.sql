INSERT INTO state.parked (follower, organisation, subject, sequence, error)
VALUES ('automation', $1, $2, $3, $4)
ON CONFLICT (follower, organisation, subject) DO NOTHING
