DELETE FROM state.parked WHERE follower = 'automation' AND organisation = $1 AND subject = $2
