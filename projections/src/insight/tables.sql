-- Documents and risk flags; subject is the customer. Days are sorted as text.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  kind text COLLATE "C" GENERATED ALWAYS AS (body ->> 'kind') STORED,
  day text COLLATE "C" GENERATED ALWAYS AS (body ->> 'on') STORED,
  currency text COLLATE "C" GENERATED ALWAYS AS (body ->> 'currency') STORED,
  amount numeric GENERATED ALWAYS AS ((body ->> 'amount')::numeric) STORED,
  bought numeric GENERATED ALWAYS AS ((body ->> 'bought')::numeric) STORED,
  risk text COLLATE "C" GENERATED ALWAYS AS (body ->> 'type') STORED,
  raised_us bigint GENERATED ALWAYS AS ((body ->> 'raised_us')::bigint) STORED,
  cleared_us bigint GENERATED ALWAYS AS ((body ->> 'cleared_us')::bigint) STORED,
  sequence bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'sequence')::bigint) STORED
);
