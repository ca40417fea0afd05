-- Runs of rules; subject is the customer, else the run itself.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  rule uuid NOT NULL GENERATED ALWAYS AS ((body -> 'finish' ->> 'rule')::uuid) STORED,
  outcome text COLLATE "C" NOT NULL GENERATED ALWAYS AS (body ->> 'outcome') STORED,
  sequence bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'sequence')::bigint) STORED
);
