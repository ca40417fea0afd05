-- The doors through which providers bring messages and payments. None of it is in the log.
CREATE TABLE state.connection (
  connection_id uuid PRIMARY KEY,
  organisation uuid NOT NULL,
  provider text NOT NULL CHECK (provider IN ('stripe', 'twilio', 'whatsapp')),
  name text NOT NULL,
  -- SHA-256 of the part of its address that nobody can guess.
  address_hash bytea NOT NULL UNIQUE,
  -- What the provider signs with, sealed under the organisation's key.
  secret bytea NOT NULL,
  -- SHA-256 of the word with which WhatsApp introduces itself.
  verify_hash bytea,
  -- How the provider calls this service from outside: Twilio signs the whole address.
  base_url text,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_used_at timestamptz
);
CREATE INDEX connection_of_organisation ON state.connection (organisation, created_at, connection_id);

ALTER TABLE state.connection OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON state.connection TO dossier_app, dossier_worker;
