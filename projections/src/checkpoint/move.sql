UPDATE checkpoint c SET position = n.position, epoch = $4
FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS n (lane, before, position)
WHERE c.lane = n.lane AND c.position = n.before AND c.epoch <= $4
