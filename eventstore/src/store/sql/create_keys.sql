INSERT INTO keys.organisation (organisation, wrapped, claim_key) VALUES ($1, $2, $3)
ON CONFLICT (organisation) DO NOTHING
