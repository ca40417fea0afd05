SELECT pg_advisory_unlock(823472)
