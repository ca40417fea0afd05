SELECT body FROM templates.document WHERE organisation = $1 AND id = $2
