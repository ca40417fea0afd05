-- Keys and indexes of the directory, for the tables that the caller's search_path names. To be run once,
-- on empty tables or after a COPY.
ALTER TABLE terms ADD PRIMARY KEY (number, archived, term, sort_text, customer);

-- Here and not by COPY: the words of all the COPYs of a rebuild, each once.
INSERT INTO lexicon (number, word)
SELECT DISTINCT t.number, substr(t.term, 2) FROM terms t WHERE t.term >= 'w' AND t.term < 'x';
ALTER TABLE lexicon ADD PRIMARY KEY (number, word);
CREATE INDEX lexicon_fragment ON lexicon USING gin (number, word public.gin_trgm_ops) WITH (fastupdate = off);

ALTER TABLE customers ADD PRIMARY KEY (number, customer);
CREATE INDEX customers_name ON customers (number, archived, sort_text, customer);
CREATE INDEX customers_folder ON customers (number, archived, folder, sort_text, customer);
CREATE INDEX customers_status ON customers (number, archived, status, sort_text, customer);
CREATE INDEX customers_folder_status ON customers (number, archived, folder, status, sort_text, customer);
CREATE INDEX customers_updated ON customers (number, archived, updated_at, customer);
CREATE INDEX customers_folder_updated ON customers (number, archived, folder, updated_at, customer);
CREATE INDEX customers_activity ON customers (number, archived, last_activity_at, customer);
CREATE INDEX customers_folder_activity ON customers (number, archived, folder, last_activity_at, customer);

ALTER TABLE marks ADD PRIMARY KEY (number, customer, audience);
CREATE INDEX marks_updated ON marks (number, archived, audience, updated_at, customer);
CREATE INDEX marks_activity ON marks (number, archived, audience, last_activity_at, customer);

-- Searching reads indexes only, which needs a fresh visibility map.
ALTER TABLE customers SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE terms SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE marks SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);

-- Row-level security would switch the indexes off, so nobody reads these tables but through the functions
-- of the schema directory_search, which name the organisation.
REVOKE ALL ON organisations, customers, marks, terms, lexicon FROM PUBLIC, dossier_app;
