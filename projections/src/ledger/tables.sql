-- Documents and entries of accounts; subject is the customer. Dates sort as their text does. `due` is there
-- while something is open on an invoice.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  kind text NOT NULL GENERATED ALWAYS AS (body ->> 'kind') STORED,
  day text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(body ->> 'issued_on', body ->> 'on')) STORED,
  due text COLLATE "C" GENERATED ALWAYS AS (
    CASE WHEN (body ->> 'open')::numeric > 0 THEN coalesce(body ->> 'due_on', '9999-12-31') END) STORED,
  sequence bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'sequence')::bigint) STORED
);
