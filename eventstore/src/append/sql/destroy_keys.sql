WITH gone AS (
  DELETE FROM keys.person p USING unnest($1::uuid[], $2::uuid[]) AS d(organisation, key_id)
  WHERE p.organisation = d.organisation AND p.key_id = d.key_id
), claims AS (
  DELETE FROM es.claim c USING unnest($1::uuid[], $2::uuid[]) AS d(organisation, key_id)
  WHERE c.organisation = d.organisation AND c.stream_id = d.key_id
)
INSERT INTO keys.destroyed (organisation, key_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
