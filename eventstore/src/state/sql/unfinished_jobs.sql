SELECT job_id, organisation, created_by, token, kind, state, options, total, done, created, updated, unchanged,
  skipped, failed, error, result, created_at, finished_at
FROM state.job WHERE state IN ('queued', 'running') ORDER BY created_at, job_id
