-- The next moment of each active rule that the clock sets off. It follows from the rules; what came due
-- is in the log (rule_run.came_due).
CREATE TABLE automation.timer (
  organisation uuid NOT NULL,
  rule uuid NOT NULL,
  rule_version bigint NOT NULL,
  -- Moments after this one count.
  since timestamptz NOT NULL,
  -- The next of them; nothing until it was worked out.
  due_at timestamptz,
  -- How far the records of that moment were gone through, by their ids.
  after uuid,
  -- When to look at it; while it is worked on, when the claim ends.
  look_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Counts the claims, so that a worker that was given up for dead cannot write any more.
  claim bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (organisation, rule)
);
CREATE INDEX timer_look ON automation.timer (look_at);

ALTER TABLE automation.timer OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON automation.timer TO dossier_worker;
GRANT SELECT ON automation.timer TO dossier_app;
