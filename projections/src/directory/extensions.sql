-- Fragments of words and misspellings (pg_trgm), and an index over a number and a word (btree_gin).
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA public;
-- Loads the library into this session: only then may a role that is no superuser name its settings.
SELECT public.show_limit();
