ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_of_customer ON document (organisation, subject, day, sequence);
CREATE INDEX document_newest ON document (organisation, day, sequence) WHERE kind <> 'credit_note';
CREATE INDEX document_since ON document (organisation, sequence) WHERE kind <> 'credit_note';
CREATE INDEX document_risk ON document (organisation, raised_us) WHERE risk IS NOT NULL;
