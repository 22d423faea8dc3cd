//! The records of `GDPRbench`: who has which, what is in them, and how many bytes of it are personal.

/// Kinds of record: each is a category with a purpose of its own.
pub(crate) const FIELDS: usize = 25;
/// Records that each person has at the beginning.
pub(crate) const HELD: usize = 10;
/// Places of a person in which a record may come to be: what is beyond `HELD` is free at first.
pub(crate) const PLACES: usize = 15;
/// Recipients.
pub(crate) const RECIPIENTS: usize = FIELDS;
/// Seconds for which a record is kept: a year.
pub(crate) const TTL_SECONDS: i64 = 365 * 24 * 3_600;

/// A record by its place: the person's number, and which of the person's places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) person: usize,
    pub(crate) place: usize,
}

impl Slot {
    /// The record's kind. A tenth of the kinds falls to each person, so each kind has as many.
    pub(crate) const fn field(self) -> usize {
        (self.person + self.place) % FIELDS
    }

    /// The key, as the peers know the record.
    pub(crate) fn key(self) -> String {
        format!("u{:06}-f{:02}", self.person, self.field())
    }

    /// The data: ten letters that differ with the `edition`.
    pub(crate) fn data(self, edition: u64) -> String {
        let seed = u64::try_from(self.person * PLACES + self.place).unwrap_or(0);
        let mixed = crate::dice::Dice::new(seed ^ (edition << 40)).next();
        format!("{:010x}", mixed & 0xff_ffff_ffff)
    }

    /// Whom it may be passed on to.
    pub(crate) const fn recipient(self) -> usize {
        self.field() % RECIPIENTS
    }
}

/// The id of a kind of record, as our policy declares it.
pub(crate) fn category(field: usize) -> String {
    format!("f{field:02}")
}

/// The id of a purpose.
pub(crate) fn purpose(field: usize) -> String {
    format!("p{field:02}")
}

/// Where a record came from.
pub(crate) const SOURCE: &str = "staff";

/// A recipient, as the peers name it.
pub(crate) fn recipient(number: usize) -> String {
    format!("recipient-{number}")
}

/// Bytes of personal data of all records, counted as `GDPRbench` writes them down: key, data, and each
/// field of the metadata as text.
pub(crate) fn personal_bytes(people: usize) -> u64 {
    let one = |slot: Slot| {
        let texts = [
            slot.key(),
            slot.data(0),
            purpose(slot.field()),
            TTL_SECONDS.to_string(),
            format!("u{:06}", slot.person),
            recipient(slot.recipient()),
            SOURCE.to_owned(),
        ];
        texts.iter().map(String::len).sum::<usize>() + NAMES
    };
    let slots = (0..people).flat_map(|person| (0..HELD).map(move |place| Slot { person, place }));
    slots.map(|it| u64::try_from(one(it)).unwrap_or(0)).sum()
}

/// Bytes of the names that stand with the fields in a record of `GDPRbench`: `PUR=;TTL=;USR=;OBJ=;DEC=;SHR=;SRC=;`
/// with the two that are empty at first.
const NAMES: usize = 7 * 5;
