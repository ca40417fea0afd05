SELECT job_id, organisation, created_by, token, kind, state, options, total, done, created, updated, unchanged,
  skipped, failed, error, result, created_at, finished_at
FROM state.job WHERE organisation = $1 AND job_id = $2
