SELECT last_sequence, root FROM es.batch WHERE organisation = $1 ORDER BY first_sequence
