SELECT lane, position FROM {schema}.checkpoint ORDER BY lane
