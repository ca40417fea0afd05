-- Service entries; subject is the customer.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  kind text NOT NULL GENERATED ALWAYS AS (body ->> 'kind') STORED,
  state text NOT NULL GENERATED ALWAYS AS (body ->> 'state') STORED,
  scheduled_us bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'scheduled_us')::bigint) STORED,
  added bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'added')::bigint) STORED
);
