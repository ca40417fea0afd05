SELECT l.link_id, l.organisation, l.customer
FROM state.portal_session s JOIN state.portal_link l USING (link_id)
WHERE s.hash = $1 AND s.expires_at > clock_timestamp()
