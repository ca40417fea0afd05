DELETE FROM state.portal_link WHERE organisation = $1 AND customer = $2
