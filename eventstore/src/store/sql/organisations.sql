SELECT organisation FROM es.organisation ORDER BY organisation
