-- By what a customer comes into the portal. Whether it still leads there is in the log.
CREATE TABLE state.portal_link (
  link_id uuid PRIMARY KEY,
  organisation uuid NOT NULL,
  customer uuid NOT NULL,
  hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX portal_link_of_customer ON state.portal_link (organisation, customer);

CREATE TABLE state.portal_session (
  hash bytea PRIMARY KEY,
  link_id uuid NOT NULL REFERENCES state.portal_link ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX portal_session_of_link ON state.portal_session (link_id);

ALTER TABLE state.portal_link OWNER TO dossier_owner;
ALTER TABLE state.portal_session OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON state.portal_link, state.portal_session
  TO dossier_app, dossier_worker;
