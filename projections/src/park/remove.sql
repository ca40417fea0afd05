DELETE FROM state.parked WHERE follower = $1 AND organisation = $2 AND subject = $3
