ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_subject ON document (organisation, subject);
