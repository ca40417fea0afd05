ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_customer ON document (organisation, subject, placed_us, sequence);
CREATE INDEX document_newest ON document (organisation, placed_us, sequence);
CREATE INDEX document_number ON document (organisation, (lower(body ->> 'number')) COLLATE "C", sequence);
