-- The limit-th newest start within a window says when a place is free again; nothing if one is.
SELECT greatest(
  (
    SELECT started_at + interval '1 hour' FROM automation.run
    WHERE organisation = $1 AND rule = $2 AND started_at > clock_timestamp() - interval '1 hour'
    ORDER BY started_at DESC, run_id OFFSET $4::bigint - 1 LIMIT 1
  ),
  (
    SELECT started_at + interval '24 hours' FROM automation.run
    WHERE organisation = $1 AND rule = $2 AND customer = $3
      AND started_at > clock_timestamp() - interval '24 hours'
    ORDER BY started_at DESC, run_id OFFSET $5::bigint - 1 LIMIT 1
  )
) AS free_at
