ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_customer ON document (organisation, subject, scheduled_us, added);
CREATE INDEX document_latest ON document (organisation, scheduled_us, added);
