SELECT lane, next_position - 1 FROM es.lane
