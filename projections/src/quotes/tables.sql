-- Quotes; subject is the customer. Days sort as their text does.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  status text NOT NULL GENERATED ALWAYS AS (body ->> 'status') STORED,
  valid_until text COLLATE "C" NOT NULL GENERATED ALWAYS AS (body ->> 'valid_until') STORED,
  drafted_us bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'drafted_us')::bigint) STORED,
  added bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'added')::bigint) STORED
);
