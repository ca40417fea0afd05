-- Shorter than deadlock_timeout: who reads two of its tables at this moment is let through first.
SET lock_timeout = '300ms';
DROP SCHEMA IF EXISTS {schema} CASCADE;
RESET lock_timeout;
