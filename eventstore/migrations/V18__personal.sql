-- What is each user's own: which customers they marked, and up to where they have seen each of them.
-- It tells of the user, not of the customer, and so is not in the log.
CREATE TABLE state.favourite (
  organisation uuid NOT NULL,
  user_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  PRIMARY KEY (organisation, user_id, customer_id)
);

CREATE TABLE state.look (
  organisation uuid NOT NULL,
  user_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  -- The organisation's sequence up to which the user has seen the customer.
  seen bigint NOT NULL,
  seen_at timestamptz NOT NULL,
  -- The same when the present visit began; null in the first one.
  before bigint,
  before_at timestamptz,
  PRIMARY KEY (organisation, user_id, customer_id)
);

-- Where the log stood when a user first looked at any customer: what came before is not new to them.
CREATE TABLE state.first_look (
  organisation uuid NOT NULL,
  user_id uuid NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (organisation, user_id)
);

ALTER TABLE state.favourite OWNER TO dossier_owner;
ALTER TABLE state.look OWNER TO dossier_owner;
ALTER TABLE state.first_look OWNER TO dossier_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON state.favourite, state.look, state.first_look
  TO dossier_app, dossier_worker;
