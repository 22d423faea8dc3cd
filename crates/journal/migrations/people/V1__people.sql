-- Facts, in clear beside an opaque id: deciding needs no key.
CREATE TABLE people (
    person_id BLOB NOT NULL PRIMARY KEY,
    version   INTEGER NOT NULL,
    given     INTEGER NOT NULL,
    refused   INTEGER NOT NULL,
    objected  INTEGER NOT NULL,
    shares    INTEGER NOT NULL,
    transfers INTEGER NOT NULL,
    adopted   INTEGER NOT NULL,
    region    INTEGER NOT NULL,
    age       INTEGER NOT NULL,
    account   INTEGER NOT NULL,
    -- 0 there, 1 erased, 2 erased and swept.
    erased    INTEGER NOT NULL
);
CREATE INDEX people_to_sweep ON people (person_id) WHERE erased = 1;

-- Rows of one size, overwritten in their place.
CREATE TABLE person_keys (
    person_id BLOB NOT NULL PRIMARY KEY,
    wrapped   BLOB NOT NULL
);

CREATE TABLE person_values (
    person_id BLOB NOT NULL,
    category  INTEGER NOT NULL,
    source    INTEGER NOT NULL,
    collected INTEGER NOT NULL,
    due       INTEGER,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (person_id, category)
);

CREATE TABLE blinds (
    hash      BLOB NOT NULL,
    category  INTEGER NOT NULL,
    person_id BLOB NOT NULL,
    single    INTEGER NOT NULL,
    PRIMARY KEY (hash, category, person_id)
);
CREATE UNIQUE INDEX blinds_single ON blinds (hash, category) WHERE single = 1;
CREATE INDEX blinds_of_person ON blinds (person_id, category);

CREATE TABLE sessions (
    hash      BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL,
    begun     INTEGER NOT NULL,
    expires   INTEGER NOT NULL,
    label     TEXT NOT NULL
);
CREATE INDEX sessions_of_person ON sessions (person_id);
CREATE INDEX sessions_by_end ON sessions (expires);

CREATE TABLE codes (
    person_id BLOB NOT NULL,
    channel   INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    expires   INTEGER NOT NULL,
    tries     INTEGER NOT NULL,
    PRIMARY KEY (person_id, channel)
);

CREATE TABLE mails (
    person_id  BLOB NOT NULL,
    cause      TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    own_key    BLOB,
    created    INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    PRIMARY KEY (person_id, cause)
);
CREATE INDEX mails_by_time ON mails (not_before);

CREATE TABLE jobs (
    person_id BLOB NOT NULL,
    kind      TEXT NOT NULL,
    due       INTEGER NOT NULL,
    wake      INTEGER NOT NULL,
    attempts  INTEGER NOT NULL,
    PRIMARY KEY (person_id, kind)
);
CREATE INDEX jobs_by_time ON jobs (wake);

CREATE TABLE requests (
    person_id  BLOB NOT NULL,
    request_id BLOB NOT NULL,
    exercised  TEXT NOT NULL,
    state      TEXT NOT NULL,
    received   INTEGER NOT NULL,
    due        INTEGER NOT NULL,
    sealed     BLOB,
    PRIMARY KEY (person_id, request_id)
);

CREATE TABLE answers (
    key_hash BLOB NOT NULL,
    scope    TEXT NOT NULL,
    status   INTEGER NOT NULL,
    body     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (key_hash, scope)
);
CREATE INDEX answers_by_time ON answers (at);

-- What was decided, sealed, and the leaf that stands for it in the log. Appended in ascending order.
-- A `seq` is never given twice, also after rows at the end went: `spans` speaks of it.
-- `owner_id` is the person; among events it is the tag, so that nothing there names anybody.
CREATE TABLE records (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id  BLOB NOT NULL,
    record_id BLOB NOT NULL,
    at        INTEGER NOT NULL,
    leaf      BLOB NOT NULL,
    sealed    BLOB NOT NULL
);
CREATE UNIQUE INDEX records_of_owner ON records (owner_id, record_id);

-- Where runs of entries stand in the log: one row for each run, not one write for each entry.
CREATE TABLE spans (
    first_seq   INTEGER PRIMARY KEY,
    last_seq    INTEGER NOT NULL,
    first_index INTEGER NOT NULL
);
