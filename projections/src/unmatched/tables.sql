-- What came in and waits for somebody to say whose it is; subject is the same as id.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  kind text NOT NULL GENERATED ALWAYS AS (body ->> 'kind') STORED,
  sequence bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'sequence')::bigint) STORED
);
