UPDATE state.job SET state = 'done', result = $2, finished_at = clock_timestamp()
WHERE job_id = $1
