-- People who sign in (kind user, organisation installation) and members of organisations; each is its own subject.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  kind text COLLATE "C" NOT NULL GENERATED ALWAYS AS (body ->> 'kind') STORED
);
