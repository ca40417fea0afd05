ALTER TABLE document ADD PRIMARY KEY (organisation, id);
-- Holds the lists of notes and of interactions in their order; the customer's own row has no sequence.
CREATE INDEX document_of_customer ON document (organisation, subject, kind, sequence);
