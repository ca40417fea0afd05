-- From the end: few events lie beyond the position.
SELECT sequence FROM es.event
WHERE organisation = $1 AND position <= $2
ORDER BY organisation, sequence DESC LIMIT 1
