SELECT body FROM rules.document WHERE organisation = $1 AND id = $2
