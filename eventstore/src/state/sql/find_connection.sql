SELECT connection_id, organisation, provider, name, secret, verify_hash, base_url, created_by, created_at, last_used_at FROM state.connection WHERE address_hash = $1 AND provider = $2
