DELETE FROM state.parked WHERE follower = $1
