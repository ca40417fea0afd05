-- Tasks; subject is the customer, else the task itself. Dates sort as their text does.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  done boolean NOT NULL GENERATED ALWAYS AS ((body ->> 'done')::boolean) STORED,
  deleted boolean NOT NULL GENERATED ALWAYS AS ((body ->> 'deleted')::boolean) STORED,
  assignee uuid GENERATED ALWAYS AS ((body ->> 'assignee')::uuid) STORED,
  due text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(body ->> 'due_on', '9999-12-31')) STORED,
  added bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'added')::bigint) STORED
);
