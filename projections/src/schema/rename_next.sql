ALTER SCHEMA {schema}_next RENAME TO {schema};
