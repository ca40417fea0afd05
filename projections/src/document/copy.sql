COPY document (organisation, id, subject, body) FROM STDIN (FORMAT binary)
