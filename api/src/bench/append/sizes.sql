SELECT n.nspname || '.' || c.relname AS relation, pg_table_size(c.oid) AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('es', 'keys') AND c.relkind IN ('r', 'i')
ORDER BY bytes DESC, relation
