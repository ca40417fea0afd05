-- Two processes that start at once must not install side by side.
SELECT pg_advisory_lock(823472)
