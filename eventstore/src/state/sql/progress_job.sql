UPDATE state.job SET state = 'running', total = $2, done = $3, created = $4, updated = $5, unchanged = $6,
  skipped = $7, failed = $8
WHERE job_id = $1
