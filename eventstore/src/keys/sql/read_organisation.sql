SELECT wrapped, claim_key FROM keys.organisation WHERE organisation = $1
