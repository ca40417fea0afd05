INSERT INTO state.job (job_id, organisation, created_by, kind, state, options) VALUES ($1, $2, $3, $4, 'queued', $5)
ON CONFLICT (job_id) DO NOTHING
