SELECT lane, position FROM checkpoint ORDER BY lane
