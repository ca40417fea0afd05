DELETE FROM automation.timer WHERE organisation = $1 AND rule = $2
