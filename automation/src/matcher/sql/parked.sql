SELECT p.organisation, p.subject, p.sequence
FROM state.parked AS p
JOIN es.organisation AS o ON o.organisation = p.organisation
WHERE p.follower = 'automation' AND o.lane = $1
ORDER BY p.organisation, p.subject
