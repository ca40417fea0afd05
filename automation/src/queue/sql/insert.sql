-- A run's id follows from rule and event, so a run that is there already is the same one.
INSERT INTO automation.run (
  organisation, run_id, lane, rule, rule_version, trigger_event, trigger_type, trigger_recorded_at,
  position, sequence, ordinal, customer, correlation_id, chain, state, reason
)
SELECT
  r.organisation, r.run_id, r.lane, r.rule, r.rule_version, r.trigger_event, r.trigger_type,
  r.trigger_recorded_at, r.position, r.sequence, r.ordinal, r.customer,
  r.correlation_id, r.chain, r.state, r.reason
FROM jsonb_to_recordset($1) AS r (
  organisation uuid, run_id uuid, lane smallint, rule uuid, rule_version bigint,
  trigger_event uuid, trigger_type text, trigger_recorded_at timestamptz,
  position bigint, sequence bigint, ordinal smallint, customer uuid,
  correlation_id uuid, chain jsonb, state text, reason text
)
ON CONFLICT (organisation, run_id) DO NOTHING
