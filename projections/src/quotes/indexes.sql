ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_customer ON document (organisation, subject, drafted_us, added);
CREATE INDEX document_newest ON document (organisation, drafted_us, added);
CREATE INDEX document_number ON document (organisation, (lower(body ->> 'number')) COLLATE "C", added);
