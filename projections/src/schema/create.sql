CREATE SCHEMA {schema};
SELECT set_config('search_path', '{schema}, public', false);
