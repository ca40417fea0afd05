DELETE FROM es.claim c
USING unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::uuid[]) AS r(organisation, kind, value, stream_id)
WHERE c.organisation = r.organisation AND c.kind = r.kind AND c.value = r.value AND c.stream_id = r.stream_id
