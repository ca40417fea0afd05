-- A run over a limit of its rule is queued; one that waits for its time is waiting.
ALTER TABLE automation.run DROP CONSTRAINT run_state_check;
ALTER TABLE automation.run ADD CONSTRAINT run_state_check CHECK (state IN (
  'waiting', 'queued', 'running', 'done', 'skipped', 'blocked', 'withheld', 'failed', 'dead'
));

-- What an event set off, for Why.
CREATE INDEX run_of_event ON automation.run (organisation, trigger_event);

-- What came of a job that finds something out.
ALTER TABLE state.job ADD COLUMN result jsonb;
