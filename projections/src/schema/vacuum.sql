VACUUM (ANALYZE) {schema}
