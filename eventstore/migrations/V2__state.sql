-- State that is not history: credentials, tokens, leases, jobs. None of it is in the log.
CREATE TABLE state.credential (
  user_id uuid PRIMARY KEY,
  password_hash text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE state.token (
  token_id uuid PRIMARY KEY,
  organisation uuid NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('personal', 'service')),
  name text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
CREATE INDEX token_of_organisation ON state.token (organisation, created_at, token_id);

-- Who does a piece of work just now. Epochs only rise: an old owner's writes are refused by them.
CREATE TABLE state.lease (
  name text PRIMARY KEY,
  owner uuid NOT NULL,
  epoch bigint NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE state.job (
  job_id uuid PRIMARY KEY,
  organisation uuid NOT NULL,
  created_by uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  options jsonb NOT NULL,
  total bigint,
  done bigint NOT NULL DEFAULT 0,
  created bigint NOT NULL DEFAULT 0,
  updated bigint NOT NULL DEFAULT 0,
  unchanged bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  error jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz
);
CREATE INDEX job_of_organisation ON state.job (organisation, created_at DESC, job_id DESC);

-- A parked customer: what a follower could not fold, with everything of that customer behind it.
CREATE TABLE state.parked (
  follower text NOT NULL,
  organisation uuid NOT NULL,
  subject uuid NOT NULL,
  sequence bigint NOT NULL,
  error text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (follower, organisation, subject)
);

ALTER SCHEMA state OWNER TO dossier_owner;
ALTER TABLE state.credential OWNER TO dossier_owner;
ALTER TABLE state.token OWNER TO dossier_owner;
ALTER TABLE state.lease OWNER TO dossier_owner;
ALTER TABLE state.job OWNER TO dossier_owner;
ALTER TABLE state.parked OWNER TO dossier_owner;

GRANT USAGE ON SCHEMA state TO dossier_app, dossier_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA state TO dossier_app, dossier_worker;
