INSERT INTO state.connection
  (connection_id, organisation, provider, name, address_hash, secret, verify_hash, base_url, account, sender, access_token, address, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
