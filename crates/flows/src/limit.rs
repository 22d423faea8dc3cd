//! Every limit of the flows, by name.

/// Bytes of one value that a person, an application or a form hands in.
pub const VALUE_BYTES_MAX: usize = 4_096;
/// Letters of a password, at least.
pub const PASSWORD_MIN: usize = 8;
/// Bytes of a password, at most.
pub const PASSWORD_MAX: usize = 256;
/// Bytes of an email address.
pub const EMAIL_MAX: usize = 254;
/// Memory of one password hash, in KiB: 19 MiB.
pub const PASSWORD_MEMORY: u32 = 19 * 1024;
/// Rounds of one password hash.
pub const PASSWORD_ROUNDS: u32 = 2;
/// Passwords that are hashed at the same time.
pub const PASSWORDS_AT_ONCE: usize = 2;
/// Passwords that wait to be hashed, some seconds' worth; beyond, whoever comes is told to come again.
pub const PASSWORDS_WAITING_MAX: usize = 256;
/// Milliseconds for which a one-time code is good.
pub const CODE_MILLIS: i64 = 10 * 60 * 1_000;
/// Times that one code may be tried.
pub const CODE_TRIES_MAX: u32 = 5;
/// Digits of a one-time code.
pub const CODE_DIGITS: usize = 6;
/// Milliseconds for which a session lasts.
pub const SESSION_MILLIS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// Milliseconds for which a browser that agreed to something is known again.
pub const BROWSER_MILLIS: i64 = 180 * 24 * 60 * 60 * 1_000;
/// Years before now that a birth date may lie.
pub const AGE_MAX: i16 = 130;
/// Purposes that one answer to the banner may name.
pub const CHOICES_MAX: usize = 64;
/// Categories that one request may name.
pub const CATEGORIES_MAX: usize = 64;
/// Events of one call.
pub const EVENTS_MAX: usize = 1_000;
/// Bytes of the events of one call that are kept together.
pub const EVENTS_BYTES_MAX: usize = 240 * 1024;
/// Bytes of sealed log information of one person in a day.
pub const EVENTS_DAY_BYTES_MAX: u64 = journal::limit::EVENTS_DAY_BYTES_MAX;
/// Fields of one event.
pub const EVENT_FIELDS_MAX: usize = 16;
/// Letters of one field of an event.
pub const EVENT_FIELD_MAX: usize = 500;
/// Milliseconds that the clock of a browser may be ahead of ours before its events count as ours.
pub const EVENT_AHEAD_MILLIS: i64 = 5 * 60 * 1_000;
/// Milliseconds after which an event that comes late is received as of now.
pub const EVENT_BEHIND_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// Items of one batch of uses that are under way at the same time.
pub const BATCH_AT_ONCE: usize = 64;
/// Times that something is decided when the person changes in the meantime.
pub const DECIDED_MAX: usize = 3;
/// Records on one page of what was used.
pub const USES_PAGE: u32 = 50;
/// Records on one page of receipts.
pub const RECEIPTS_PAGE: u32 = 100;
/// Requests on one page of them.
pub const REQUESTS_PAGE: u32 = 50;
/// Rows that are read at a time where everything is read.
pub const ROWS_AT_ONCE: u32 = 200;
/// Bytes of log information, as it is sealed, that one page of what is held counts.
pub const DATA_EVENTS_BYTES: usize = 8 * 1024;
/// Bytes of sealed events that work on log information opens at a time.
pub const WORK_EVENTS_BYTES: usize = 1024 * 1024;
/// Bytes that one piece of an export opens: requests, records and events together. What is more
/// comes in another piece.
pub const EXPORT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Bytes by which a row counts beyond what is sealed in it.
pub const ROW_BYTES: usize = 256;
/// Bytes by which a line of what was used counts beyond its row.
pub const USE_BYTES: usize = 512;
/// Exports that are gathered at the same time.
pub const EXPORTS_AT_ONCE: usize = 2;
/// People that a look for one value names in a region.
pub const FOUND_MAX: u32 = 100;
/// Jobs that are under way at the same time: enough to share a commit, and few beside what people ask.
pub const JOBS_AT_ONCE: u32 = 256;
/// People whose values are due that are read together.
pub const PEOPLE_AT_ONCE: usize = journal::limit::SEVERAL_MAX;
/// Mails that one step of the courier takes.
pub const MAILS_AT_ONCE: u32 = 32;
/// Milliseconds until a mail is tried again; doubled with each time in vain.
pub const MAIL_AGAIN_MILLIS: i64 = 30 * 1_000;
/// Times that a mail is tried.
pub const MAIL_TRIES_MAX: u32 = 12;
/// Milliseconds for which the key of a last mail is kept at most.
pub const LAST_MAIL_MILLIS: i64 = 72 * 60 * 60 * 1_000;
/// Milliseconds for which an account is kept whose address was never proved.
pub const UNPROVED_MILLIS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Milliseconds for which the account of a child is kept that waits for a guardian.
pub const GUARDIAN_MILLIS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Bytes of an application's name.
pub const KEY_NAME_MAX: usize = 64;
/// Milliseconds between two rounds of the worker over what has no job of its own: days of log
/// information, keys of last mails, remains of erasures.
pub const ROUND_MILLIS: i64 = 60 * 60 * 1_000;
/// Milliseconds between two looks through the raw bytes for what is left of destroyed keys, at least.
pub const SWEEP_MILLIS: i64 = 10 * 1_000;
/// Bytes of such a look for which the next one waits a millisecond: 50 MB a second on average.
pub const SWEEP_BYTES_PER_MILLI: u64 = 50_000;
/// Milliseconds of an hour, in which mails are counted.
pub const HOUR_MILLIS: i64 = 60 * 60 * 1_000;
/// Milliseconds of a day, in which wrong codes and passwords are counted.
pub const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;
/// Wrong codes of one person in a day, however many codes are sent meanwhile.
pub const CODE_TRIES_DAY_MAX: u32 = 30;
/// Wrong passwords of one person in a day; after that the hash is not opened any more.
pub const PASSWORD_TRIES_DAY_MAX: u32 = 30;
/// Codes that are mailed to one person in an hour.
pub const CODE_MAILS_HOUR_MAX: u32 = 5;
/// Mails in an hour that tell one person that somebody wanted their address.
pub const EXISTS_MAILS_HOUR_MAX: u32 = 1;
/// New addresses that one person may have proved in an hour.
pub const NEW_ADDRESSES_HOUR_MAX: u32 = 5;
/// Mails in an hour that tell one person that their password was changed.
pub const PASSWORD_MAILS_HOUR_MAX: u32 = 5;

/// Rounds that are claimed at once.
pub const ROUNDS_AT_ONCE: u32 = 8;

/// Bytes of what colleagues call a member of staff.
pub const STAFF_NAME_MAX: usize = 64;
/// Milliseconds for which the session of a member of staff lasts at most: a working day.
pub const STAFF_SESSION_MILLIS: i64 = 8 * HOUR_MILLIS;
/// Milliseconds after which such a session ends when it is not used.
pub const STAFF_IDLE_MILLIS: i64 = HOUR_MILLIS;
/// Tries to sign in as one member of staff in a day that had the password right and the code wrong.
/// Others do not count: whoever knows no password cannot keep staff out.
pub const STAFF_TRIES_DAY_MAX: u64 = 20;

/// Milliseconds that one request to another system may take.
pub const OUTBOUND_MILLIS: u64 = 10_000;
/// Bytes of another system's answer.
pub const OUTBOUND_ANSWER_BYTES: usize = 64 * 1024;

/// Bytes of what somebody writes to us at once.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Messages that one installation takes in a day.
pub const MESSAGES_DAY_MAX: u64 = 10_000;
/// Conversations that one address begins by mail in a day and that a mail acknowledges; more of them are
/// taken in, and not acknowledged.
pub const ACKNOWLEDGED_DAY_MAX: u32 = 5;
/// Addresses that are counted so.
pub const SENDERS_MAX: usize = 10_000;
/// Messages that one person writes in a day.
pub const MESSAGES_OF_ONE_DAY_MAX: u32 = 50;
/// Pieces of one conversation; after that a new one begins.
pub const NOTES_OF_CASE_MAX: u32 = 400;
/// Conversations on one page of them.
pub const CONVERSATIONS_PAGE: u32 = 50;
/// Overdue cases that are read at a time where they are counted.
pub const OVERDUE_PAGE: u32 = 500;
/// Milliseconds of silence after an answer, after which a conversation is over: a week.
pub const QUIET_MILLIS: i64 = 7 * DAY_MILLIS;
/// Bytes of one mail that comes in over HTTP.
pub const MAIL_BYTES_MAX: usize = 1024 * 1024;
/// Mails in the mailbox that one step looks at; where more wait, each step begins at another of them.
pub const MAILBOX_TRIES: usize = 256;
/// How long a mail that cannot be read lies in `cur` for people to look at.
pub const MAILBOX_KEPT_MILLIS: i64 = 30 * DAY_MILLIS;
/// Bytes of one mail in the mailbox: people attach pictures, which are not taken in.
pub const MAILBOX_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Conversations that one mail is looked up in.
pub const NAMED_MAX: usize = 4;
/// Mails before it that a mail names.
pub const REFERENCES_MAX: usize = 10;
/// Milliseconds after which a form may be sent that was shown: nobody types faster.
pub const FORM_MILLIS_MIN: i64 = 2_000;
/// Milliseconds after which a form is shown anew.
pub const FORM_MILLIS_MAX: i64 = DAY_MILLIS;
/// Bytes of the id of a member of staff.
pub const STAFF_ID_MAX: usize = 64;

/// Cases on one page of what stands open.
pub const QUEUE_PAGE: u32 = 50;

/// Links that one person below age may send to a guardian in a day.
pub const GUARDIAN_LINKS_DAY_MAX: u32 = 5;
/// Wrong codes of one child's guardian in a day.
pub const GUARDIAN_CODES_DAY_MAX: u32 = 30;
/// Codes that are mailed to one child's guardian in an hour.
pub const GUARDIAN_MAILS_HOUR_MAX: u32 = 5;
/// Children of one guardian in a region who are looked for by the guardian's address.
pub const GUARDED_MAX: u32 = 8;
/// People who are visited in one step of a round.
pub const VISITED_AT_ONCE: u32 = 256;
/// People who are told of a version at the same time: enough to share a commit.
pub const TOLD_AT_ONCE: usize = 32;
/// Milliseconds for which a version is announced after its day: 30 days.
pub const ANNOUNCED_MILLIS: i64 = 30 * DAY_MILLIS;
/// Recorded requests of one person that are made again under a draft.
pub const REPLAYED_MAX: u64 = 10_000;

/// Milliseconds before an end, and before the last day to export, at which people are reminded: a week.
pub const END_REMINDED_MILLIS: i64 = 7 * DAY_MILLIS;
/// People whom an ending tells, or deletes, at the same time.
pub const ENDED_AT_ONCE: usize = 32;
/// Pieces of an ending after which other errands have their turn.
pub const ENDED_BATCHES: u64 = 16;
/// Milliseconds after which an ending looks again whether everybody is erased.
pub const ENDED_AGAIN_MILLIS: i64 = 15 * 1_000;
/// Browsers of one person that push messages go to.
pub const SUBSCRIPTIONS_MAX: usize = 8;
/// Bytes of the address of a push service.
pub const ENDPOINT_BYTES_MAX: usize = 1_024;
/// Push messages that are on their way at the same time.
pub const PUSHES_AT_ONCE: u32 = 32;
/// Milliseconds for which the token counts that says who sends: half a day.
pub const PUSH_TOKEN_MILLIS: i64 = 12 * HOUR_MILLIS;
/// Seconds for which a push service keeps a message for a browser that is away: four weeks.
pub const PUSH_KEPT_SECONDS: u32 = 28 * 24 * 60 * 60;

/// Bytes of what is written in a request, and of an answer.
pub const REQUEST_TEXT_MAX: usize = 8_000;
/// Open requests of one person that somebody has to look at.
pub const REQUESTS_OPEN_MAX: usize = 20;
/// Notes of one request that are read.
pub const REQUEST_NOTES_MAX: u32 = 200;
/// Milliseconds for which the code is good by which we know who sent a request: seven days.
pub const REQUEST_CODE_MILLIS: i64 = 7 * DAY_MILLIS;
/// Codes that are sent for one request.
pub const REQUEST_CODES_MAX: u32 = 5;
/// Milliseconds before now that a request may have come in which is opened today.
pub const RECEIVED_BEFORE_MILLIS: i64 = 366 * DAY_MILLIS;
/// Milliseconds for which the texts of a request are kept after the last of them: a year, in which
/// somebody may complain of the answer.
pub const REQUEST_TEXTS_MILLIS: i64 = 366 * DAY_MILLIS;
/// Milliseconds for which a stranger is kept after the answer, so that they can complain of it.
pub const STRANGER_MILLIS: i64 = 30 * DAY_MILLIS;
/// Others who are told of one thing.
pub const TOLD_MAX: usize = 128;
/// Milliseconds until a connected system that did not answer is told again; doubled each time.
pub const DELIVERY_AGAIN_MILLIS: i64 = 30 * 1_000;
/// Milliseconds between two looks at what was told and is not done, at most: six hours.
pub const DELIVERY_LOOK_MILLIS: i64 = 6 * HOUR_MILLIS;
/// Milliseconds for which values wait to be sent to a recipient in another region.
pub const TRANSFER_MILLIS: i64 = 7 * DAY_MILLIS;
/// Deliveries that are read at a time where a partner asks for its own.
pub const DELIVERIES_PAGE: u32 = 100;
/// Deliveries that one such look reads at most.
pub const DELIVERIES_READ_MAX: usize = 5_000;
/// Milliseconds that the clock of a connected system may be apart from ours: five minutes.
pub const SIGNED_MILLIS: i64 = 5 * 60 * 1_000;
/// Bytes of a certificate of erasure.
pub const CERTIFICATE_BYTES_MAX: usize = 64 * 1024;

/// Letters of what a legal hold says of itself, for each of ground, reference and authority.
pub const HOLD_TEXT_MAX: usize = 200;
/// Milliseconds for which a legal hold can stand at most: ten years.
pub const HOLD_MILLIS_MAX: i64 = 10 * 366 * DAY_MILLIS;
/// Legal holds on one page of them.
pub const HOLDS_PAGE: u32 = 50;
/// Legal holds over one person that are looked at when the person is erased.
pub const HOLDS_OF_ONE_MAX: u32 = 500;
/// Times that the last mail waits for its proof before it goes without.
pub const PROOF_TRIES_MAX: u32 = 6;
/// Bytes after which a new file of the list of changes begins.
pub const CHANGES_BYTES_MAX: usize = 8 << 20;
/// Files of the list of changes that are looked at when it is gone on with, the newest first.
pub const CHANGES_FILES_READ: usize = 8;
/// Bytes of a piece of the list of changes, above which it is divided.
pub const CHANGES_PIECE_BYTES: usize = 4 << 20;

/// Days over which the evidence counts.
pub const EVIDENCE_DAYS: i64 = 30;
/// Milliseconds after which an answer is counted that was not counted at once.
pub const COUNTED_LATE_MILLIS: i64 = 60 * 1_000;
/// Milliseconds after which clauses are tested anew.
pub const CLAUSE_TEST_MILLIS: i64 = DAY_MILLIS;
/// Answers that the evidence shows of a test that failed.
pub const FAILED_SHOWN_MAX: usize = 8;
/// Pages of each queue that the evidence looks through; what is beyond stands in the queue itself.
pub const EVIDENCE_PAGES_MAX: usize = 200;
/// Bytes of a value that stays itself where it is anonymised: a language, and no text.
pub const ANONYMOUS_VALUE_MAX: usize = 16;

/// Text messages that one installation sends in a day.
pub const TEXTS_DAY_MAX: u64 = 20_000;
/// Text messages that go out for one person in a day, to a guardian too.
pub const TEXTS_OF_ONE_DAY_MAX: u32 = 5;
/// Text messages to one number in a day, whoever gave it.
pub const TEXTS_OF_NUMBER_DAY_MAX: u32 = 10;
/// Text messages that one step of their courier takes.
pub const TEXTS_AT_ONCE: u32 = 32;
/// Milliseconds until a text message is tried again; doubled with each time in vain.
pub const TEXT_AGAIN_MILLIS: i64 = 5 * 1_000;
