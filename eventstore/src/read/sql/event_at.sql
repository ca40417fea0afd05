SELECT event_id FROM es.event WHERE lane = $1 AND position = $2
