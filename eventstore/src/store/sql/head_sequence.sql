SELECT next_sequence - 1 FROM es.organisation WHERE organisation = $1
