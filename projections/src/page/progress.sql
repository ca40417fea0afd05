SELECT sequence FROM {schema}.progress WHERE organisation = $1
