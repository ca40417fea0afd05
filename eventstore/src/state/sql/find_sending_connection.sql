SELECT connection_id, organisation, provider, name, secret, verify_hash, base_url, account, sender, access_token, address, created_by, created_at, last_used_at
FROM state.connection
WHERE organisation = $1 AND provider = $2 AND account IS NOT NULL
ORDER BY created_at DESC, connection_id DESC
LIMIT 1
