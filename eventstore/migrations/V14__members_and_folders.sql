-- The few streams of which all of an organisation are wanted at once: its members, to find another
-- owner, and its folders, to find those below one.
CREATE INDEX event_beginning ON es.event (organisation, type, stream_id)
  WHERE type IN ('member.added', 'folder.created');
