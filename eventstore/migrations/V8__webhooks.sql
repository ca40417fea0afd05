-- What webhooks are signed with, and how they fare. What they are told, and where, is in the log.
CREATE TABLE state.webhook (
  webhook_id uuid PRIMARY KEY,
  organisation uuid NOT NULL,
  -- Sealed under the organisation's key.
  secret bytea NOT NULL,
  -- The one before, which signs as well until its time is over.
  old_secret bytea,
  old_secret_until timestamptz,
  -- The event that rotated it last: the same one does not rotate it twice.
  rotated_by uuid,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_success_at timestamptz,
  last_failure_at timestamptz
);
CREATE INDEX webhook_of_organisation ON state.webhook (organisation, created_at, webhook_id);

ALTER TABLE state.webhook OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON state.webhook TO dossier_app, dossier_worker;

-- The webhooks as of the lane's checkpoint.
CREATE TABLE automation.webhook (
  organisation uuid NOT NULL,
  webhook_id uuid NOT NULL,
  lane smallint NOT NULL,
  active boolean NOT NULL,
  definition jsonb NOT NULL,
  PRIMARY KEY (organisation, webhook_id)
);
CREATE INDEX webhook_of_lane ON automation.webhook (lane);

ALTER TABLE automation.webhook OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON automation.webhook TO dossier_worker;

-- An effect is a message, or what an endpoint outside is told of an event.
ALTER TABLE automation.effect
  ALTER COLUMN message DROP NOT NULL,
  -- What goes to one endpoint goes a few at a time, so that one that hangs holds up no other.
  ADD COLUMN endpoint uuid,
  ADD COLUMN type text COLLATE "C",
  ADD COLUMN sequence bigint,
  ADD COLUMN customer uuid,
  -- Where order is asked for: what shares a line goes one after the other.
  ADD COLUMN line uuid,
  -- While it is worked on, when the claim ends.
  ADD COLUMN busy_until timestamptz,
  ADD COLUMN outcome text CHECK (outcome IN ('delivered', 'failed')),
  ADD CONSTRAINT effect_is_for_somebody CHECK (
    (message IS NOT NULL AND endpoint IS NULL) OR
    (message IS NULL AND endpoint IS NOT NULL AND type IS NOT NULL AND sequence IS NOT NULL)
  );

-- Messages are found beside any number of waiting calls.
DROP INDEX automation.effect_due;
CREATE INDEX effect_due ON automation.effect (due_at, effect_id)
  WHERE finished_at IS NULL AND endpoint IS NULL;
CREATE INDEX effect_of_endpoint_due ON automation.effect (endpoint, due_at, effect_id)
  WHERE finished_at IS NULL AND endpoint IS NOT NULL;
CREATE INDEX effect_busy ON automation.effect (endpoint, busy_until)
  WHERE finished_at IS NULL AND busy_until IS NOT NULL;
CREATE INDEX effect_in_line ON automation.effect (endpoint, line, sequence)
  WHERE finished_at IS NULL AND line IS NOT NULL;
CREATE INDEX effect_of_endpoint ON automation.effect (organisation, endpoint, sequence, effect_id)
  WHERE endpoint IS NOT NULL;
CREATE INDEX effect_of_customer ON automation.effect (organisation, customer)
  WHERE endpoint IS NOT NULL AND customer IS NOT NULL;
CREATE INDEX effect_finished ON automation.effect (finished_at) WHERE endpoint IS NOT NULL;

-- Each try to reach an endpoint, and what it answered.
CREATE TABLE automation.attempt (
  organisation uuid NOT NULL,
  effect_id uuid NOT NULL,
  attempted_at timestamptz NOT NULL,
  took_ms integer NOT NULL,
  -- Of what was sent; the body itself follows from the log, so that what is erased is gone here too.
  body_sha256 bytea NOT NULL,
  status smallint,
  error text,
  response text,
  PRIMARY KEY (organisation, effect_id, attempted_at),
  FOREIGN KEY (organisation, effect_id) REFERENCES automation.effect ON DELETE CASCADE
);

ALTER TABLE automation.attempt OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON automation.attempt TO dossier_worker;
GRANT SELECT ON automation.attempt TO dossier_app;
