//! Every limit of the server, by name.

/// Bytes of a request's body.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Items of one batch of uses.
pub const BATCH_MAX: usize = 1_000;
/// Letters of an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_MAX: usize = 128;
/// Length of a window in which requests are counted, in milliseconds.
pub const WINDOW_MILLIS: i64 = 60_000;
/// Addresses and keys that are counted at a time; beyond, everybody shares one counter.
pub const COUNTED_MAX: usize = 100_000;
/// Registrations from one address in a window.
pub const REGISTER_MAX: u32 = 120;
/// Sign-ins, codes asked for and codes tried from one address in a window.
pub const SIGN_IN_MAX: u32 = 120;
/// Sign-ins, codes asked for and codes tried for one account in a window, wherever they come from.
pub const SIGN_IN_FOR_MAX: u32 = 20;
/// Answers to the banner from one address in a window.
pub const CONSENT_MAX: u32 = 600;
/// Batches of events from one address in a window: an office behind one address.
pub const EVENTS_MAX: u32 = 600;
/// Batches of events of one browser in a window: a page sends one in five seconds at most.
pub const EVENTS_OF_ONE_MAX: u32 = 60;
/// Requests of one application key in a window.
pub const APP_MAX: u32 = 30_000_000;
/// Requests of one signed-in person in a window.
pub const PERSON_MAX: u32 = 1_200;
/// Seconds that a request may take.
pub const REQUEST_SECONDS_MAX: u64 = 30;
/// Seconds that open requests have to end when the server stops.
pub const DRAIN_SECONDS_MAX: u64 = 10;
/// Bytes of a tile's path.
pub const TILE_PATH_MAX: usize = 96;
/// Letters of what a browser calls itself, as a session remembers it.
pub const LABEL_MAX: usize = 40;
/// Letters of a key, a session or a link.
pub const SECRET_MAX: usize = 128;
/// Milliseconds by which a test clock is moved at once, at most: a hundred years.
pub const ADVANCE_MILLIS_MAX: i64 = 100 * 366 * 24 * 60 * 60 * 1_000;
/// Days for which `security.txt` says that it is good.
pub const SECURITY_TXT_DAYS: i64 = 180;
