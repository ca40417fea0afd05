ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_subject ON document (organisation, subject);
-- Names are joined by id alone: the users are in an organisation of their own.
CREATE INDEX document_user ON document (id) WHERE kind = 'user';
