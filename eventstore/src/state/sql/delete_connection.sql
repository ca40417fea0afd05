DELETE FROM state.connection WHERE organisation = $1 AND connection_id = $2
