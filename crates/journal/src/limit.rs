//! Every limit of the journal, by name.

/// Bytes of a person's key under its region's root: version, root generation, nonce, key, tag.
pub const WRAPPED_KEY_BYTES: usize = 64;
/// Bytes of one sealed value, body or block.
pub const SEALED_BYTES_MAX: usize = 256 * 1024;
/// Bytes of what a transaction notes into its record.
pub const NOTE_BYTES_MAX: usize = 16 * 1024;
/// Requests that one transaction may be judged for.
pub const JUDGED_MAX: usize = 64;
/// Writes that one transaction may stage.
pub const STAGED_MAX: usize = 512;
/// Outcomes that wait for the writer; whoever comes when it is full is told to come again.
pub const QUEUE_MAX: usize = 8_192;
/// Outcomes that share one commit.
pub const BATCH_MAX: usize = 1_024;
/// People whose version the writer keeps in memory.
pub const VERSIONS_MAX: usize = 262_144;
/// Reading connections of one region.
pub const READERS_MAX: usize = 8;
/// Statements that a connection keeps prepared.
pub const STATEMENTS_MAX: usize = 64;
/// Rows that one page of a listing holds.
pub const PAGE_MAX: u32 = 500;
/// Bytes written after which the write-ahead log is copied back.
pub const CHECKPOINT_BYTES: u64 = 4 << 20;
/// Pages of the write-ahead log after which it begins anew, whoever has to wait.
pub const WAL_PAGES_MAX: i64 = 8_192;
/// Milliseconds that a connection waits for a lock of another.
pub const LOCK_WAIT_MILLIS: u64 = 10_000;
/// Entries that one step of the sequencer brings into the log.
pub const SEQUENCE_MAX: usize = 4_096;
/// Milliseconds for which somebody waits for a guardian, where a restore does not know until when.
pub const AWAITING_MILLIS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Milliseconds for which a claimed job or mail is nobody else's.
pub const LEASE_MILLIS: i64 = 60_000;
/// Jobs or mails that one claim answers.
pub const CLAIM_MAX: u32 = 256;
/// Milliseconds for which a mail under a one-off key may wait before the key is destroyed.
pub const ONE_OFF_MILLIS: i64 = 72 * 60 * 60 * 1_000;
/// Milliseconds for which an idempotency key is remembered.
pub const IDEMPOTENT_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// Bytes of an answer that is remembered under an idempotency key.
pub const IDEMPOTENT_BYTES_MAX: usize = 8 * 1024;
/// Letters of a label, a cause, a scope, the name of a job or a class.
pub const NAME_BYTES_MAX: usize = 128;
/// Event partitions that are held open at once, to be written to.
pub const PARTITIONS_OPEN_MAX: usize = 32;
/// Files that are held open at once, to be read: half a year of days, for who asks what is held of
/// them is looked for in each.
pub const FILES_READ_MAX: usize = 192;
/// KiB of pages that a connection which reads a partition keeps in memory.
pub const PARTITION_CACHE_KIB: u32 = 256;
/// Bytes of sealed log information that one partition takes of one person.
pub const EVENTS_DAY_BYTES_MAX: u64 = 4 << 20;
/// Milliseconds after which counters are kept by the hour.
pub const MINUTES_KEPT_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// Milliseconds after which counters are kept by the day.
pub const HOURS_KEPT_MILLIS: i64 = 31 * 24 * 60 * 60 * 1_000;
/// Milliseconds after which counters go.
pub const DAYS_KEPT_MILLIS: i64 = 2 * 366 * 24 * 60 * 60 * 1_000;
/// Kinds of counters that are held in memory between two steps of the sequencer.
pub const COUNTERS_MAX: usize = 4_096;
/// People whose remains are cleared away together.
pub const SWEPT_AT_ONCE: usize = 64;
/// Records of one erased person that go in one statement.
pub const RECORDS_GONE_MAX: usize = 256;
/// Erasures whose key one sweep looks for in the raw bytes.
pub const UNSWEPT_MAX: usize = 65_536;
/// People that are read in one statement.
pub const SEVERAL_MAX: usize = 16;
/// Regions of one installation.
pub const REGIONS_MAX: usize = decide::limit::REGIONS_MAX;
/// Bytes that the sweeper reads at a time when it looks for destroyed keys.
pub const SWEEP_CHUNK_BYTES: usize = 1 << 20;
/// Milliseconds after which old checkpoints outside are looked through again: an hour.
pub const THIN_EVERY_MILLIS: i64 = 60 * 60 * 1_000;
/// Milliseconds for a connection to be made.
pub const CONNECT_MILLIS: u64 = 2_000;
/// Milliseconds that a statement may take beyond one machine.
pub const STATEMENT_MILLIS: u64 = 10_000;
/// Milliseconds after which whoever waits for an outcome is told that nothing is known of it: a commit
/// may wait for as long as no second server is left to have it.
pub const OUTCOME_MILLIS: u64 = 12_000;
/// Milliseconds that a step of the log may take beyond one machine: what is left then, the next one does.
pub const STEP_MILLIS: u64 = 30_000;
/// Connections that a process holds to each schema at least: a step of the log has up to three at a
/// time, and nobody is to wait for one that is waited for.
pub const CONNECTIONS_MIN: usize = 4;
/// Milliseconds that an outcome waits for a connection.
pub const POOL_WAIT_MILLIS: u64 = 3_000;
/// Outcomes that wait for a connection; whoever comes when they are so many is told to come again.
pub const POOL_WAITING_MAX: usize = 8_192;
/// Rows that a move between engines carries at a time.
pub const MOVE_ROWS: usize = 256;
/// Statements of one transaction that go out before the first answer is waited for.
pub const PIPELINE_MAX: usize = 64;
/// Bytes of people and keys that the embedded engine keeps in memory, so that they are not read again.
pub const CACHED_BYTES: usize = 128 << 20;
/// Bytes of one person that are kept so: whoever has more is read each time.
pub const CACHED_PERSON_BYTES_MAX: usize = 32 * 1024;

/// Bytes of what stands in clear about a case.
pub const ABOUT_BYTES_MAX: usize = 4_096;

/// Kinds of cases that one queue shows.
pub const KINDS_MAX: usize = 8;
/// Rows of one item of a backup, and cells of one row.
pub const BACKUP_ROWS_MAX: usize = MOVE_ROWS;
/// Bytes of one cell of a backup.
pub const BACKUP_CELL_BYTES_MAX: usize = 64 << 20;
/// People whose state goes into one step of the list of changes.
pub const CHANGES_MAX: usize = 4_096;
/// Milliseconds that a commit waits for a reader at most, when a write-ahead log has become long: a
/// backup may read for longer, and then the log grows on.
pub const RESTART_WAIT_MILLIS: u64 = 50;
