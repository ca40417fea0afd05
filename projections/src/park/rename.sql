UPDATE state.parked SET follower = $2 WHERE follower = $1
