INSERT INTO state.parked (follower, organisation, subject, sequence, error)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (follower, organisation, subject) DO NOTHING
