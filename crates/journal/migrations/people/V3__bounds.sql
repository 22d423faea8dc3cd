-- How often something was tried on a person, or mailed to them, in a window: whatever else comes and
-- goes, the count stands until the window ends.
CREATE TABLE tallies (
    person_id BLOB NOT NULL,
    kind      TEXT NOT NULL,
    ends      INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    PRIMARY KEY (person_id, kind)
);
CREATE INDEX tallies_by_end ON tallies (ends);

-- A value that waits to be proved by a code, sealed; the one that is held stays in force.
CREATE TABLE unproved (
    person_id BLOB NOT NULL,
    category  INTEGER NOT NULL,
    sealed    BLOB NOT NULL,
    hash      BLOB NOT NULL,
    expires   INTEGER NOT NULL,
    tries     INTEGER NOT NULL,
    PRIMARY KEY (person_id, category)
);
CREATE INDEX unproved_by_end ON unproved (expires);
