-- Teams; each is its own subject.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  archived boolean NOT NULL GENERATED ALWAYS AS ((body ->> 'archived')::boolean) STORED
);
