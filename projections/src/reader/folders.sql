SELECT id, body ->> 'name' AS name FROM folders.document WHERE organisation = $1 AND id = ANY ($2)
