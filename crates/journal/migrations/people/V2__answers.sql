-- Answers under idempotency keys, with whose they are, so that they go with the person, and with a
-- mark of the request, so that a key counts for one request only. What was kept lasted a day at most.
-- Spread over shards by `key_hash`, like sessions: when a key comes back, nobody may be known yet.
DROP TABLE answers;
CREATE TABLE answers (
    key_hash  BLOB NOT NULL,
    scope     TEXT NOT NULL,
    person_id BLOB NOT NULL,
    request   BLOB NOT NULL,
    status    INTEGER NOT NULL,
    body      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (key_hash, scope)
);
CREATE INDEX answers_of_person ON answers (person_id);
CREATE INDEX answers_by_time ON answers (at);
