SELECT coalesce(sum(greatest(l.next_position - 1 - coalesce(c.position, 0), 0)), 0)::bigint AS behind,
  EXISTS (SELECT FROM state.lease h WHERE h.name = $1 AND h.expires_at > clock_timestamp()) AS led
FROM es.lane l LEFT JOIN {schema}.checkpoint c ON c.lane = l.lane
