//! Every limit of the log, by name.

/// Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles: height 8).
pub const TILE_WIDTH: usize = 256;
/// Bytes of a hash.
pub const HASH_BYTES: usize = 32;
/// Bytes of a full tile.
pub const TILE_BYTES: usize = TILE_WIDTH * HASH_BYTES;
/// Levels of tiles that a 64-bit tree can have.
pub const MAX_LEVELS: u8 = 8;
/// Bytes of a note that is parsed at all.
pub const MAX_NOTE_BYTES: usize = 64 * 1024;
/// Signatures of a note that is parsed at all; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 32;
/// Hashes in an inclusion or consistency proof: two per level of a 64-bit tree.
pub const MAX_PROOF: usize = 128;
/// Entries in one batch.
pub const MAX_BATCH: usize = 65_536;
/// Bytes of a record that may become an entry.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Publishes after which tiles are made durable and the pending file starts anew.
pub const SETTLE_PUBLISHES: u32 = 256;
/// Bytes of the pending file after which the same is done.
pub const SETTLE_BYTES: u64 = 1 << 20;
/// Age below which each outside checkpoint is kept, in milliseconds: a day.
pub const OUTSIDE_ALL_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// Age below which one outside checkpoint an hour is kept, in milliseconds: thirty days. Beyond, it
/// is one a day, for ever.
pub const OUTSIDE_HOURLY_MILLIS: i64 = 30 * OUTSIDE_ALL_MILLIS;
