-- Those that are as they were are left alone.
INSERT INTO marks AS k (number, archived, audience, customer, updated_at, last_activity_at)
SELECT n.number, n.archived, n.audience, n.customer, n.updated_at, n.last_activity_at
FROM jsonb_to_recordset($1) AS n (
  number integer, archived boolean, audience text, customer uuid, updated_at timestamptz, last_activity_at timestamptz)
WHERE NOT EXISTS (
  SELECT FROM marks o
  WHERE o.number = n.number AND o.customer = n.customer AND o.audience = n.audience
    AND (o.archived, o.updated_at, o.last_activity_at) = (n.archived, n.updated_at, n.last_activity_at))
ON CONFLICT (number, customer, audience) DO UPDATE SET
  archived = excluded.archived, updated_at = excluded.updated_at, last_activity_at = excluded.last_activity_at
