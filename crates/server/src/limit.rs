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
/// Codes that were asked for and wait to be sent; beyond, whoever asks is told to come again.
pub const CODES_ASKED_MAX: usize = 1_024;
/// Answers to the banner from one address in a window.
pub const CONSENT_MAX: u32 = 600;
/// Batches of events from one address in a window: an office behind one address.
pub const EVENTS_MAX: u32 = 600;
/// Batches of events of one browser in a window: its script sends one in two seconds at most.
pub const EVENTS_OF_ONE_MAX: u32 = 60;
/// Requests of one application key in a window.
pub const APP_MAX: u32 = 30_000_000;
/// Requests of one signed-in person in a window.
pub const PERSON_MAX: u32 = 1_200;
/// Seconds that a request may take.
pub const REQUEST_SECONDS_MAX: u64 = 30;
/// Milliseconds for which a server that stops still takes requests, the last on their connections.
pub const FAREWELL_MILLIS: u64 = 300;
/// Seconds that open requests have to end when the server stops.
pub const DRAIN_SECONDS_MAX: u64 = 10;
/// Connections at a time; the next one waits in the system's own queue until another ends.
pub const CONNECTIONS_MAX: usize = 20_000;
/// Connections that wait in the system's own queue. What finds it full is tried again a second later, so
/// a burst should find room; the system may allow less (`net.core.somaxconn`).
pub const CONNECTIONS_WAITING_MAX: u32 = 4_096;
/// Which part of the connections one address may have: one in so many.
pub const CONNECTIONS_SHARE: usize = 10;
/// Open files beside the connections: databases, tiles, mail.
pub const FILES_RESERVED: u64 = 512;
/// Seconds until the headers of a request are whole, counted from the end of the one before: so long
/// a connection may be idle, too.
pub const HEADER_SECONDS_MAX: u64 = 30;
/// Bytes of the headers of a request, and of what is buffered of one connection.
pub const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Seconds for which a body may stand still while it arrives.
pub const BODY_PAUSE_SECONDS_MAX: u64 = 10;
/// Seconds for which a reader may take nothing of what is sent.
pub const READER_PAUSE_SECONDS_MAX: u64 = 20;
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
/// Seconds between two looks at whether what is written becomes durable, while nothing has failed.
pub const PROBE_SECONDS: u64 = 10;
/// Looks in a row, one a second, that must find what is written durable after something failed.
pub const PROBES_TO_TRUST: u32 = 5;
/// Seconds for which a look waits.
pub const PROBE_WAIT_SECONDS_MAX: u64 = 5;
/// Seconds that threads which wait for a disk or a database have when the process ends.
pub const THREADS_SECONDS_MAX: u64 = 10;
/// Seconds for which a node that shares its database answers by a policy that it did not see confirmed.
pub const UNCONFIRMED_SECONDS_MAX: u64 = 5;

/// Messages from one address in a window.
pub const MESSAGES_MAX: u32 = 20;
/// Messages in a window that name one address for the answer.
pub const MESSAGES_TO_MAX: u32 = 3;
