-- Files; subject is the customer.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  scope text NOT NULL GENERATED ALWAYS AS (body ->> 'scope') STORED,
  removed boolean NOT NULL GENERATED ALWAYS AS ((body ->> 'removed')::boolean) STORED,
  uploaded bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'uploaded')::bigint) STORED
);
