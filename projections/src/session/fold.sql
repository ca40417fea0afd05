-- A crash may lose the last moments of rows and checkpoints together; they are folded again.
SET synchronous_commit = off;
SET jit = off;
-- Plans are made while tables are small and kept while they grow: keys are looked up, never scanned for.
SET enable_seqscan = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
