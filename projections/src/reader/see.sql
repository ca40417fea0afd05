-- Queries with filters that may be null are planned for the filters that are there.
SELECT set_config('dossier.organisation', $1, true), set_config('plan_cache_mode', 'force_custom_plan', true)
