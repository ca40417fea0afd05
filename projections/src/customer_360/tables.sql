-- Customers, their notes and their interactions; subject is the customer.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  kind text COLLATE "C" GENERATED ALWAYS AS (body ->> 'kind') STORED,
  folder uuid GENERATED ALWAYS AS ((body ->> 'folder')::uuid) STORED,
  scope text COLLATE "C" GENERATED ALWAYS AS (body ->> 'scope') STORED,
  sequence bigint GENERATED ALWAYS AS ((body ->> 'sequence')::bigint) STORED
);
