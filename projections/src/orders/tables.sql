-- Orders and documents of order histories; subject is the customer.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  placed_us bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'placed_us')::bigint) STORED,
  sequence bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'sequence')::bigint) STORED
);
