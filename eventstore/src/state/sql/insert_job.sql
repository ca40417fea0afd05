INSERT INTO state.job (job_id, organisation, created_by, token, kind, state, options)
VALUES ($1, $2, $3, $4, $5, 'queued', $6)
ON CONFLICT (job_id) DO NOTHING
