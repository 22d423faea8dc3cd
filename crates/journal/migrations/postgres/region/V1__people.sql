-- One region's people. Every key holds the column that the table is spread by: `person_id`, or what a
-- row is looked up by where the person is not known yet.

-- Facts, in clear beside an opaque id: deciding needs no key.
CREATE TABLE people (
    person_id BYTEA NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    given     BIGINT NOT NULL,
    refused   BIGINT NOT NULL,
    objected  BIGINT NOT NULL,
    shares    BIGINT NOT NULL,
    transfers BIGINT NOT NULL,
    adopted   BIGINT NOT NULL,
    region    BIGINT NOT NULL,
    age       BIGINT NOT NULL,
    account   BIGINT NOT NULL,
    -- 0 there, 1 erased, 2 erased and swept.
    erased    BIGINT NOT NULL
);
CREATE INDEX people_to_sweep ON people (person_id) WHERE erased = 1;

-- Rows of one size. They change when a root key is rotated, and when they are destroyed.
CREATE TABLE person_keys (
    person_id BYTEA NOT NULL PRIMARY KEY,
    wrapped   BYTEA NOT NULL
);

CREATE TABLE person_values (
    person_id BYTEA NOT NULL,
    category  BIGINT NOT NULL,
    source    BIGINT NOT NULL,
    collected BIGINT NOT NULL,
    due       BIGINT,
    sealed    BYTEA NOT NULL,
    PRIMARY KEY (person_id, category)
);
-- Sealed bytes do not compress.
ALTER TABLE person_values ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE blinds (
    hash      BYTEA NOT NULL,
    category  BIGINT NOT NULL,
    person_id BYTEA NOT NULL,
    single    BIGINT NOT NULL,
    PRIMARY KEY (hash, category, person_id)
);
CREATE UNIQUE INDEX blinds_single ON blinds (hash, category) WHERE single = 1;
CREATE INDEX blinds_of_person ON blinds (person_id, category);

CREATE TABLE sessions (
    hash      BYTEA NOT NULL PRIMARY KEY,
    person_id BYTEA NOT NULL,
    begun     BIGINT NOT NULL,
    expires   BIGINT NOT NULL,
    label     TEXT NOT NULL
);
CREATE INDEX sessions_of_person ON sessions (person_id);
CREATE INDEX sessions_by_end ON sessions (expires);

CREATE TABLE codes (
    person_id BYTEA NOT NULL,
    channel   BIGINT NOT NULL,
    hash      BYTEA NOT NULL,
    expires   BIGINT NOT NULL,
    tries     BIGINT NOT NULL,
    PRIMARY KEY (person_id, channel)
);

-- How often something was tried on a person, or mailed to them, in a window.
CREATE TABLE tallies (
    person_id BYTEA NOT NULL,
    kind      TEXT NOT NULL,
    ends      BIGINT NOT NULL,
    n         BIGINT NOT NULL,
    PRIMARY KEY (person_id, kind)
);
CREATE INDEX tallies_by_end ON tallies (ends);

-- A value that waits to be proved by a code, sealed; the one that is held stays in force.
CREATE TABLE unproved (
    person_id BYTEA NOT NULL,
    category  BIGINT NOT NULL,
    sealed    BYTEA NOT NULL,
    hash      BYTEA NOT NULL,
    expires   BIGINT NOT NULL,
    tries     BIGINT NOT NULL,
    PRIMARY KEY (person_id, category)
);
CREATE INDEX unproved_by_end ON unproved (expires);

-- The two queues are claimed with a locking read that skips what others hold, so they stay whole.
CREATE TABLE mails (
    person_id  BYTEA NOT NULL,
    cause      TEXT NOT NULL,
    sealed     BYTEA NOT NULL,
    own_key    BYTEA,
    created    BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    PRIMARY KEY (person_id, cause)
);
CREATE INDEX mails_by_time ON mails (not_before);

CREATE TABLE jobs (
    person_id BYTEA NOT NULL,
    kind      TEXT NOT NULL,
    due       BIGINT NOT NULL,
    wake      BIGINT NOT NULL,
    attempts  BIGINT NOT NULL,
    PRIMARY KEY (person_id, kind)
);
CREATE INDEX jobs_by_time ON jobs (wake);

CREATE TABLE requests (
    person_id  BYTEA NOT NULL,
    request_id BYTEA NOT NULL,
    exercised  TEXT NOT NULL,
    state      TEXT NOT NULL,
    received   BIGINT NOT NULL,
    due        BIGINT NOT NULL,
    sealed     BYTEA,
    PRIMARY KEY (person_id, request_id)
);
CREATE INDEX requests_of_right ON requests (person_id, exercised, state, request_id);

CREATE TABLE answers (
    key_hash  BYTEA NOT NULL,
    scope     TEXT NOT NULL,
    person_id BYTEA NOT NULL,
    request   BYTEA NOT NULL,
    status    BIGINT NOT NULL,
    body      TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (key_hash, scope)
);
CREATE INDEX answers_of_person ON answers (person_id);
CREATE INDEX answers_by_time ON answers (at);

-- What was decided, sealed, the leaf that stands for it in the log, and where it stands there; none
-- while it waits. `changed` is 1 for what changed something, 0 for a use or a refusal.
CREATE TABLE records (
    owner_id  BYTEA NOT NULL,
    record_id BYTEA NOT NULL,
    at        BIGINT NOT NULL,
    changed   BIGINT NOT NULL,
    leaf      BYTEA NOT NULL,
    log_index BIGINT,
    sealed    BYTEA NOT NULL,
    PRIMARY KEY (owner_id, record_id)
);
ALTER TABLE records ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX records_waiting ON records (record_id) WHERE log_index IS NULL;
-- Ids ascend with time, so a summary of ranges finds one among all, and costs nearly nothing.
CREATE INDEX records_by_id ON records USING brin (record_id) WITH (pages_per_range = 32);
CREATE INDEX records_of_changes ON records (owner_id, record_id) WHERE changed = 1;

-- Log information, by day of receipt and class of retention: a partition is dropped whole.
CREATE TABLE blocks (
    partition TEXT NOT NULL,
    tag       BYTEA NOT NULL,
    seq       BIGINT GENERATED ALWAYS AS IDENTITY,
    received  BIGINT NOT NULL,
    sealed    BYTEA NOT NULL,
    PRIMARY KEY (partition, tag, seq)
) PARTITION BY LIST (partition);

CREATE TABLE tag_bytes (
    partition TEXT NOT NULL,
    tag       BYTEA NOT NULL,
    bytes     BIGINT NOT NULL,
    PRIMARY KEY (partition, tag)
) PARTITION BY LIST (partition);

-- Spread over slots, so that two that count at once do not wait for each other.
CREATE TABLE event_counts (
    partition TEXT NOT NULL,
    kind      TEXT NOT NULL,
    hour      BIGINT NOT NULL,
    slot      BIGINT NOT NULL,
    n         BIGINT NOT NULL,
    PRIMARY KEY (partition, kind, hour, slot)
) PARTITION BY LIST (partition);

CREATE TABLE event_records (
    partition TEXT NOT NULL,
    tag       BYTEA NOT NULL,
    record_id BYTEA NOT NULL,
    at        BIGINT NOT NULL,
    leaf      BYTEA NOT NULL,
    log_index BIGINT,
    sealed    BYTEA NOT NULL,
    PRIMARY KEY (partition, tag, record_id)
) PARTITION BY LIST (partition);
CREATE INDEX event_records_waiting ON event_records (record_id) WHERE log_index IS NULL;
