-- Rules; each is its own subject.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  state text COLLATE "C" NOT NULL GENERATED ALWAYS AS (body ->> 'state') STORED,
  made bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'made')::bigint) STORED
);
