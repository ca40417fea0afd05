ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_subject ON document (organisation, subject);
CREATE INDEX document_newest ON document (organisation, made);
