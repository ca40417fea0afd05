SELECT lane FROM es.organisation WHERE organisation = $1
