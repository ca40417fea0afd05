-- Who is signed in, who tried to, who is invited. None of it is in the log.
CREATE TABLE state.session (
  session_id uuid PRIMARY KEY,
  user_id uuid NOT NULL,
  -- The organisation that it opens where the request names none.
  organisation uuid NOT NULL,
  hash bytea NOT NULL UNIQUE,
  -- The browser, as it called itself.
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Later with every use, up to a limit that counts from the sign-in.
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX session_of_user ON state.session (user_id, created_at, session_id);
CREATE INDEX session_of_organisation ON state.session (organisation, created_at, session_id);

-- Tries to sign in that came to nothing, by account, by device and by network. The subject is an
-- HMAC: the table tells nobody's address.
CREATE TABLE state.sign_in_attempt (
  subject uuid PRIMARY KEY,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX sign_in_attempt_by_age ON state.sign_in_attempt (last_at);

-- The secret of an invitation; what it says is in the log.
CREATE TABLE state.invitation (
  invitation_id uuid PRIMARY KEY,
  organisation uuid NOT NULL,
  -- Who invited, or sent the invitation again: by their rights of that moment it is accepted.
  invited_by uuid NOT NULL,
  hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX invitation_of_organisation ON state.invitation (organisation, invitation_id);

ALTER TABLE state.token
  -- What the token may do at most, whatever its person may.
  ADD COLUMN role text,
  -- Whether it opens every organisation of its person, and not only its own. One that somebody else
  -- made does not: who administers an organisation has no say in the others.
  ADD COLUMN opens_all boolean NOT NULL DEFAULT false;

ALTER TABLE state.credential
  -- Whether it is a password that the demo made and prints.
  ADD COLUMN demo boolean NOT NULL DEFAULT false;

ALTER TABLE state.session OWNER TO dossier_owner;
ALTER TABLE state.sign_in_attempt OWNER TO dossier_owner;
ALTER TABLE state.invitation OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON state.session, state.sign_in_attempt, state.invitation
  TO dossier_app, dossier_worker;
