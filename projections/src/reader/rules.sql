SELECT id, body ->> 'name' AS name FROM rules.document WHERE organisation = $1 AND id = ANY ($2)
