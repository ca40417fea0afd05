-- What shall leave the house: an effect for each message asked for, written with the matcher's
-- checkpoint. Its id follows from its cause, so that a second writing does nothing.
CREATE TABLE automation.effect (
  organisation uuid NOT NULL,
  effect_id uuid NOT NULL,
  -- The stream of the message, and the event that asked for it.
  message uuid NOT NULL,
  event_id uuid NOT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  -- When it is due; while it is worked on, when the claim ends.
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Counts the claims, so that a worker that was given up for dead cannot write any more.
  claim bigint NOT NULL DEFAULT 0,
  -- Why the last try did not go well.
  reason text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  PRIMARY KEY (organisation, effect_id)
);
CREATE INDEX effect_due ON automation.effect (due_at, effect_id) WHERE finished_at IS NULL;

ALTER TABLE automation.effect OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON automation.effect TO dossier_worker;
GRANT SELECT ON automation.effect TO dossier_app;
