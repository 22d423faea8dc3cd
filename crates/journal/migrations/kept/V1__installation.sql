-- What belongs to the installation and to nobody's person.
CREATE TABLE app_keys (
    key_id   TEXT NOT NULL PRIMARY KEY,
    kind     TEXT NOT NULL,
    hash     BLOB NOT NULL UNIQUE,
    title    TEXT NOT NULL,
    purposes INTEGER NOT NULL,
    source   INTEGER,
    made     INTEGER NOT NULL,
    ended    INTEGER
);

CREATE TABLE policies (
    version   INTEGER NOT NULL PRIMARY KEY,
    hash      BLOB NOT NULL,
    folder    TEXT NOT NULL,
    stored    INTEGER NOT NULL,
    effective INTEGER NOT NULL
);

-- A name's position never changes: what is stored about people as bits stays true.
CREATE TABLE vocabulary_names (
    kind     TEXT NOT NULL,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (kind, position),
    UNIQUE (kind, name)
);

CREATE TABLE counters (
    name   TEXT NOT NULL,
    minute INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (name, minute)
);
