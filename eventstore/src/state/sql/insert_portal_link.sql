INSERT INTO state.portal_link (link_id, organisation, customer, hash) VALUES ($1, $2, $3, $4)
