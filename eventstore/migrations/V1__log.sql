-- The log. Nobody updates or deletes an event; see docs/adr/0001-the-log.md.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

-- Roles belong to the whole cluster: another database may be making them at this moment.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['dossier_owner', 'dossier_appender', 'dossier_worker', 'dossier_app'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', name);
    END IF;
  END LOOP;
END $$;

CREATE SCHEMA es;
CREATE SCHEMA keys;
CREATE SCHEMA state;

CREATE TABLE es.lane (
  lane smallint PRIMARY KEY,
  next_position bigint NOT NULL DEFAULT 1,
  last_recorded_at timestamptz NOT NULL DEFAULT 'epoch'
) WITH (fillfactor = 10);
INSERT INTO es.lane (lane) SELECT generate_series(0, 15);

CREATE TABLE es.organisation (
  organisation uuid PRIMARY KEY,
  lane smallint NOT NULL REFERENCES es.lane,
  next_sequence bigint NOT NULL DEFAULT 1,
  head bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
) WITH (fillfactor = 50);

CREATE TABLE es.event (
  position bigint NOT NULL,
  sequence bigint NOT NULL,
  version bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  organisation uuid NOT NULL,
  stream_id uuid NOT NULL,
  event_id uuid NOT NULL,
  lane smallint NOT NULL,
  schema_version smallint NOT NULL,
  type text COLLATE "C" NOT NULL,
  customer_id uuid,
  key_id uuid,
  leaf bytea NOT NULL,
  meta bytea NOT NULL,
  data bytea NOT NULL,
  private bytea,
  PRIMARY KEY (lane, position),
  UNIQUE (organisation, stream_id, version),
  UNIQUE (organisation, sequence)
);
-- A customer's own stream is found by stream_id; this index holds what other streams say of the customer.
CREATE INDEX event_of_customer ON es.event (organisation, customer_id, sequence) WHERE customer_id <> stream_id;
-- Event ids are UUIDv7 and so lie nearly in heap order: a BRIN finds one at a thousandth of a B-tree's size.
CREATE INDEX event_by_id ON es.event USING brin (event_id uuid_minmax_multi_ops) WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE es.batch (
  organisation uuid NOT NULL,
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  root bytea NOT NULL,
  PRIMARY KEY (organisation, first_sequence)
);

-- An empty range (last_sequence = first_sequence - 1) is a command that changed nothing.
CREATE TABLE es.command (
  organisation uuid NOT NULL,
  command_id uuid NOT NULL,
  fingerprint uuid NOT NULL,
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  PRIMARY KEY (organisation, command_id)
);

-- value is an HMAC under the organisation's claim key, cut to 128 bits.
CREATE TABLE es.claim (
  organisation uuid NOT NULL,
  kind smallint NOT NULL,
  value uuid NOT NULL,
  stream_id uuid NOT NULL,
  PRIMARY KEY (organisation, kind, value)
);
CREATE INDEX claim_of_stream ON es.claim (organisation, stream_id);

CREATE TABLE es.counter (
  organisation uuid NOT NULL,
  series text NOT NULL,
  next bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (organisation, series)
);

CREATE TABLE keys.organisation (
  organisation uuid PRIMARY KEY,
  wrapped bytea NOT NULL,
  claim_key bytea NOT NULL
);
CREATE TABLE keys.person (
  organisation uuid NOT NULL,
  key_id uuid NOT NULL,
  wrapped bytea NOT NULL,
  PRIMARY KEY (organisation, key_id)
);
-- What was destroyed is never made again, also after a restore of an older backup of the keys.
CREATE TABLE keys.destroyed (
  organisation uuid NOT NULL,
  key_id uuid NOT NULL,
  destroyed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (organisation, key_id)
);

CREATE FUNCTION es.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is append-only: % of % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.event
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse();
CREATE TRIGGER batch_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.batch
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse();
CREATE TRIGGER command_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.command
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse();

ALTER SCHEMA es OWNER TO dossier_owner;
ALTER SCHEMA keys OWNER TO dossier_owner;
ALTER TABLE es.lane OWNER TO dossier_owner;
ALTER TABLE es.organisation OWNER TO dossier_owner;
ALTER TABLE es.event OWNER TO dossier_owner;
ALTER TABLE es.batch OWNER TO dossier_owner;
ALTER TABLE es.command OWNER TO dossier_owner;
ALTER TABLE es.claim OWNER TO dossier_owner;
ALTER TABLE es.counter OWNER TO dossier_owner;
ALTER TABLE keys.organisation OWNER TO dossier_owner;
ALTER TABLE keys.person OWNER TO dossier_owner;
ALTER TABLE keys.destroyed OWNER TO dossier_owner;
ALTER FUNCTION es.refuse() OWNER TO dossier_owner;

-- The appender writes the log; it may move its counters and let claims and keys go, nothing else.
GRANT USAGE ON SCHEMA es, keys TO dossier_appender, dossier_worker;
GRANT SELECT, INSERT ON es.event, es.batch, es.command, es.counter, es.organisation, es.claim TO dossier_appender;
GRANT SELECT ON es.lane TO dossier_appender;
GRANT UPDATE (next_position, last_recorded_at) ON es.lane TO dossier_appender;
GRANT UPDATE (next_sequence, head) ON es.organisation TO dossier_appender;
GRANT UPDATE (next) ON es.counter TO dossier_appender;
GRANT DELETE ON es.claim TO dossier_appender;
GRANT SELECT, INSERT ON keys.organisation, keys.destroyed TO dossier_appender;
GRANT SELECT, INSERT, DELETE ON keys.person TO dossier_appender;

-- The worker reads: projections, automation, verification.
GRANT SELECT ON ALL TABLES IN SCHEMA es, keys TO dossier_worker;
