-- The tables of the directory, without keys and indexes, so that a rebuild can COPY into them first.
-- Names are unqualified: the caller's search_path says which build of the read model is meant.

-- An organisation is a number in every row of the others, 4 bytes in place of 16. The numbers differ from
-- one build to the next. Small, so it has its keys from the start.
CREATE TABLE organisations (
  number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation uuid NOT NULL UNIQUE
);

-- One row for each customer.
CREATE TABLE customers (
  number integer NOT NULL,
  customer uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  display_name text NOT NULL,
  first_name text,
  last_name text,
  company_name text,
  emails text[] NOT NULL,
  phones text[] NOT NULL,
  external_ids text[] COLLATE "C" NOT NULL,   -- source, U+001F, id
  folder uuid,
  status text COLLATE "C",
  tags text[] COLLATE "C" NOT NULL,
  workers uuid[] NOT NULL,
  lifecycle text COLLATE "C" NOT NULL,
  flagged text,
  open_risk_flags integer NOT NULL,
  archived boolean NOT NULL,
  version bigint NOT NULL,
  position bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  last_activity_at timestamptz NOT NULL,
  sort_text text COLLATE "C" NOT NULL,        -- normalised display name, then the other words of the names
  terms text[] COLLATE "C" NOT NULL,          -- its rows of the table terms
  document jsonb NOT NULL
);

-- What updated_at and last_activity_at of a customer come to for the events of each audience that there were
-- some for. Who belongs to all audiences goes by the columns above.
CREATE TABLE marks (
  number integer NOT NULL,
  archived boolean NOT NULL,
  audience text COLLATE "C" NOT NULL,
  customer uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  last_activity_at timestamptz NOT NULL
);

-- One row for each way to find a customer. The first letter is the class: w word of a name, e e-mail,
-- d domain, p digits of a phone reversed, x external id, t tag, a worker ("assigned"), and what is rare
-- enough to start from: k kind other than person, l lifecycle other than active, r under review.
CREATE TABLE terms (
  number integer NOT NULL,
  archived boolean NOT NULL,
  term text COLLATE "C" NOT NULL,
  sort_text text COLLATE "C" NOT NULL,
  customer uuid NOT NULL
);

-- The distinct words of an organisation: fragments inside a word, and misspellings.
CREATE TABLE lexicon (
  number integer NOT NULL,
  word text COLLATE "C" NOT NULL
);
