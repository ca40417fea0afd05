DELETE FROM automation.effect WHERE organisation = $1 AND effect_id = $2 AND claim = $3
