SELECT next_sequence - 1, head FROM es.organisation WHERE organisation = $1
