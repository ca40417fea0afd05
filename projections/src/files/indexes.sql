ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_customer ON document (organisation, subject, uploaded);
