ALTER TABLE document ADD PRIMARY KEY (organisation, id);
CREATE INDEX document_newest ON document (organisation, sequence);
CREATE INDEX document_of_customer ON document (organisation, subject, sequence);
CREATE INDEX document_of_rule ON document (organisation, rule, sequence);
-- Failures are few and looked for.
CREATE INDEX document_not_done ON document (organisation, outcome, sequence) WHERE outcome <> 'done';
