-- Messages; subject is the customer.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  at_us bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'at_us')::bigint) STORED,
  begun bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'begun')::bigint) STORED
);
