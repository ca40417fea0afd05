ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_customer ON document (organisation, subject, kind, day, sequence);
CREATE INDEX document_newest ON document (organisation, kind, day, sequence);
CREATE INDEX document_unpaid ON document (organisation, due) WHERE due IS NOT NULL;
CREATE INDEX document_number ON document (organisation, (lower(body ->> 'number')) COLLATE "C", sequence) WHERE kind = 'invoice';
