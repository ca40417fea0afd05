INSERT INTO es.organisation (organisation, lane)
SELECT $1, l.lane FROM es.lane l
LEFT JOIN es.organisation o ON o.lane = l.lane
GROUP BY l.lane ORDER BY count(o.organisation), l.lane LIMIT 1
ON CONFLICT (organisation) DO NOTHING
