-- What automation remembers between events. All of it follows from the log and from what was tried;
-- how a run ended is in the log as well (rule_run.finished).
CREATE SCHEMA automation;

-- How far the matcher has come in each lane; epoch is that of the lease under which it was moved.
CREATE TABLE automation.checkpoint (
  lane smallint PRIMARY KEY REFERENCES es.lane,
  position bigint NOT NULL DEFAULT 0,
  epoch bigint NOT NULL DEFAULT 0
);
INSERT INTO automation.checkpoint (lane) SELECT lane FROM es.lane;

-- The rules as of the lane's checkpoint, every version: a run finishes on the one that it began with.
CREATE TABLE automation.rule (
  organisation uuid NOT NULL,
  rule uuid NOT NULL,
  rule_version bigint NOT NULL,
  lane smallint NOT NULL,
  owner uuid NOT NULL,
  active boolean NOT NULL,
  definition jsonb NOT NULL,
  PRIMARY KEY (organisation, rule, rule_version)
);

-- Who is in an organisation, as of the lane's checkpoint: a step may notify everybody with a role.
CREATE TABLE automation.member (
  organisation uuid NOT NULL,
  user_id uuid NOT NULL,
  roles text[] NOT NULL,
  PRIMARY KEY (organisation, user_id)
);

-- The runs: a work queue as long as finished_at is empty, a record afterwards. A customer's runs go
-- in the order of sequence and ordinal; until its end, next_attempt_at is when a run is due.
CREATE TABLE automation.run (
  organisation uuid NOT NULL,
  run_id uuid NOT NULL,
  lane smallint NOT NULL,
  rule uuid NOT NULL,
  rule_version bigint NOT NULL,
  trigger_event uuid NOT NULL,
  trigger_type text COLLATE "C" NOT NULL,
  trigger_recorded_at timestamptz NOT NULL,
  position bigint NOT NULL,
  sequence bigint NOT NULL,
  -- The order of the rules that one event triggered.
  ordinal smallint NOT NULL,
  customer uuid NOT NULL,
  correlation_id uuid NOT NULL,
  chain jsonb NOT NULL,
  state text NOT NULL CHECK (state IN
    ('waiting', 'running', 'done', 'skipped', 'blocked', 'withheld', 'failed', 'dead')),
  step smallint NOT NULL DEFAULT 0,
  steps jsonb NOT NULL DEFAULT '[]',
  attempts smallint NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason text,
  -- Over a limit of its rule: it waits without holding up the customer's other runs.
  held boolean NOT NULL DEFAULT false,
  -- When it began, for rules with limits.
  started_at timestamptz,
  -- How often a person had it go on, and who did last.
  resumed smallint NOT NULL DEFAULT 0,
  resumed_by uuid,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (organisation, run_id)
);
CREATE INDEX run_open ON automation.run (organisation, customer, sequence, ordinal)
  WHERE finished_at IS NULL AND NOT held;
CREATE INDEX run_held ON automation.run (organisation, customer, next_attempt_at)
  WHERE finished_at IS NULL AND held;
CREATE INDEX run_started ON automation.run (organisation, rule, started_at)
  WHERE started_at IS NOT NULL;
CREATE INDEX run_of_organisation ON automation.run (organisation, sequence, ordinal);
CREATE INDEX run_of_rule ON automation.run (organisation, rule, sequence, ordinal);
CREATE INDEX run_of_customer ON automation.run (organisation, customer, sequence, ordinal);
CREATE INDEX run_dead ON automation.run (organisation, sequence, ordinal)
  WHERE state IN ('failed', 'dead');

-- The customers with open runs: what runners claim, so that the order per customer holds across
-- processes and thousands of runs behind one that fails cost nothing.
-- due_at is when the first of the runs is due; while one is worked on, when the claim ends.
-- claim counts the claims, so that a worker that was given up for dead cannot write any more.
CREATE TABLE automation.line (
  organisation uuid NOT NULL,
  customer uuid NOT NULL,
  due_at timestamptz NOT NULL,
  claim bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (organisation, customer)
);
CREATE INDEX line_due ON automation.line (due_at);

ALTER SCHEMA automation OWNER TO dossier_owner;
ALTER TABLE automation.checkpoint OWNER TO dossier_owner;
ALTER TABLE automation.rule OWNER TO dossier_owner;
ALTER TABLE automation.member OWNER TO dossier_owner;
ALTER TABLE automation.run OWNER TO dossier_owner;
ALTER TABLE automation.line OWNER TO dossier_owner;

GRANT USAGE ON SCHEMA automation TO dossier_worker, dossier_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA automation TO dossier_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA automation TO dossier_app;
