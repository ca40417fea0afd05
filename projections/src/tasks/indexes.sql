ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_due ON document (organisation, done, due, added);
CREATE INDEX document_of_customer ON document (organisation, subject, done, due, added);
CREATE INDEX document_of_assignee ON document (organisation, assignee, done, due, added) WHERE assignee IS NOT NULL;
