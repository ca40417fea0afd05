-- Notifications, one row for each recipient; subject is the customer, else the notification itself.
CREATE TABLE document (
  organisation uuid NOT NULL,
  id uuid NOT NULL,
  subject uuid NOT NULL,
  body jsonb NOT NULL,
  recipient uuid NOT NULL GENERATED ALWAYS AS ((body ->> 'recipient')::uuid) STORED,
  sequence bigint NOT NULL GENERATED ALWAYS AS ((body ->> 'sequence')::bigint) STORED
);
