SET synchronous_commit = off;
SET jit = off;
SET maintenance_work_mem = '192MB';
SET work_mem = '64MB';
