DELETE FROM state.portal_session WHERE hash = $1
