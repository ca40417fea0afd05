UPDATE state.job SET state = CASE WHEN $2::jsonb IS NULL THEN 'done' ELSE 'failed' END, error = $2,
  finished_at = clock_timestamp()
WHERE job_id = $1
