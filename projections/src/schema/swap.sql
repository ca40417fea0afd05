ALTER SCHEMA {schema} RENAME TO {schema}_old;
ALTER SCHEMA {schema}_next RENAME TO {schema};
