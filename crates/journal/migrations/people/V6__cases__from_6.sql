-- What stands open about a person until somebody acts, with its clock: requests of rights, messages,
-- complaints, holds, guardians, deliveries. `about` holds ids, words and figures, never a personal value.
CREATE TABLE cases (
    person_id BLOB NOT NULL,
    case_id   BLOB NOT NULL,
    kind      TEXT NOT NULL,
    state     TEXT NOT NULL,
    received  INTEGER NOT NULL,
    due       INTEGER NOT NULL,
    -- 1 while somebody has still to act.
    open      INTEGER NOT NULL,
    assigned  TEXT NOT NULL,
    about     TEXT NOT NULL,
    sealed    BLOB,
    -- Where it outlives the person: a key of its own, wrapped.
    own_key   BLOB,
    PRIMARY KEY (person_id, case_id)
);
CREATE INDEX cases_of_kind ON cases (person_id, kind, state, case_id);
CREATE INDEX cases_by_time ON cases (open, kind, due, case_id);
CREATE INDEX cases_by_id ON cases (case_id);

-- Requests were such from the first; a closing that waits is the only one that somebody still acts on.
INSERT INTO cases
    (person_id, case_id, kind, state, received, due, open, assigned, about, sealed, own_key)
    SELECT person_id, request_id, exercised, state, received, due,
        CASE WHEN state IN ('received', 'waiting', 'working') THEN 1 ELSE 0 END, '', '{}', sealed, NULL
    FROM requests;
DROP TABLE requests;

-- What was said in a case, each piece sealed.
CREATE TABLE case_notes (
    person_id BLOB NOT NULL,
    case_id   BLOB NOT NULL,
    note_id   BLOB NOT NULL,
    kind      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    author    TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (person_id, case_id, note_id)
);

-- The hold that a value lies under, and under whose key it is sealed then.
ALTER TABLE person_values ADD COLUMN hold BLOB;

-- 0 the person, 1 a guardian.
ALTER TABLE sessions ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
