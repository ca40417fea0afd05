SELECT position, epoch FROM automation.checkpoint WHERE lane = $1
