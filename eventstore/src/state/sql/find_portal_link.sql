SELECT link_id, organisation, customer FROM state.portal_link WHERE hash = $1
