SELECT organisation, lane, next_sequence, head FROM es.organisation
WHERE organisation = ANY($1) ORDER BY organisation FOR UPDATE
