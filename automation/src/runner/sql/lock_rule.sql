-- Held to the end of the transaction: two runners must not count the same rule's runs side by side.
SELECT pg_advisory_xact_lock(hashtextextended($1::text || $2::text, 823472))
