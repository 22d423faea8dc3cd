//! What is collected, and where it comes from.

mod check;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use check::check;

use crate::duration::Keep;
use crate::kind::Kind;
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Reference};
use crate::word::words;

words!(
    /// What kind of data a category is.
    DataKind {
        /// A way to reach the person.
        Contact = "contact",
        /// Who the person is.
        Identity = "identity",
        /// Where the person is.
        Location = "location",
        /// What device is used.
        Device = "device",
        /// What the person does.
        Behaviour = "behaviour",
        /// What the person likes.
        Preference = "preference",
        /// What the person wrote.
        Content = "content",
        /// Computed from other data.
        Derived = "derived",
    }
);
words!(
    /// How a value of a category is checked.
    Format {
        /// Any text.
        Text = "text",
        /// An email address.
        Email = "email",
        /// A phone number in E.164.
        Phone = "phone",
        /// A day.
        Date = "date",
    }
);
words!(
    /// What kind of source.
    SourceKind {
        /// The person.
        Person = "person",
        /// The person's device.
        Device = "device",
        /// Our staff.
        Staff = "staff",
        /// Somebody else's system.
        Partner = "partner",
        /// Computed.
        Derived = "derived",
    }
);
words!(
    /// What may be kept before a choice is made.
    Before { #[doc = "What the service cannot do without."] StrictlyNecessary = "strictly-necessary" }
);
words!(
    /// Signals that a browser sends.
    Signal {
        /// Global Privacy Control.
        Gpc = "gpc",
        /// Do-Not-Track.
        Dnt = "dnt",
    }
);
words!(
    /// What is cleared of identifiers before it is stored.
    Scrub {
        /// Addresses of pages.
        Url = "url",
        /// What people wrote.
        FreeText = "free-text",
    }
);
words!(
    /// How a network address is kept.
    Address {
        /// Without its last part.
        Truncated = "truncated",
        /// Not at all.
        None = "none",
    }
);

/// One kind of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the language")]
pub struct Category {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// What kind of data it is.
    pub kind: DataKind,
    /// Whether it identifies a person by itself.
    pub identifying: bool,
    /// Whether it is sensitive.
    pub sensitive: bool,
    /// Where it may come from.
    pub sources: BTreeSet<String>,
    /// Purposes that cannot be served without it.
    pub required: BTreeSet<String>,
    /// Whether it may be searched by its exact value.
    pub lookup: bool,
    /// How a value is checked.
    pub format: Format,
    /// For a place: the finest precision stored, in metres.
    pub precision: Option<u32>,
    /// Whether it is log information.
    pub events: bool,
    /// What it is computed from.
    pub from: BTreeSet<String>,
    /// What follows for a person who does not give it.
    pub refusing: Option<Localized>,
}

/// Where data comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// What a partner may bring; nothing for other sources.
    pub brings: Option<BTreeSet<String>>,
    /// For which purposes a partner may bring it; nothing for other sources.
    pub purposes: Option<BTreeSet<String>>,
    /// What a partner keeps on its own side.
    pub terms: Option<Localized>,
}

/// One kind of log information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// What it is collected for.
    pub purpose: String,
    /// Its fields, each with its category.
    pub fields: BTreeMap<String, String>,
    /// Whether it is kept before a choice is made.
    pub necessary: bool,
}

/// Log information in general.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logs {
    /// The clause that declares it.
    pub clause: String,
    /// Signals that are honoured.
    pub signals: BTreeSet<Signal>,
    /// What is cleared of identifiers.
    pub scrub: BTreeSet<Scrub>,
    /// How a network address is kept.
    pub address: Address,
    /// Purposes that hold the whole address.
    pub full_address_for: BTreeSet<String>,
}

pub(crate) fn category(policy: &mut Policy, fields: &mut Fields<'_>) {
    let (id, clause) = (fields.id(), fields.clause());
    let title = fields.title();
    let kind = fields.need_word("kind").unwrap_or(DataKind::Content);
    let keep = fields.nested("keep", |inner| super::retention::period(inner, clause.clone()));
    if let Some(Some(keep)) = keep {
        keep_once(policy, fields, (&id, keep));
    }
    let category = Category {
        clause,
        title,
        kind,
        identifying: fields.flag("identifying", false),
        sensitive: fields.flag("sensitive", false),
        sources: fields.need_names("sources", Kind::Source),
        required: fields.names("required", Kind::Purpose).unwrap_or_default(),
        lookup: fields.flag("lookup", false),
        format: fields.word_or("format", Format::Text),
        precision: fields.distance("precision"),
        events: fields.flag("events", false),
        from: fields.names("from", Kind::Category).unwrap_or_default(),
        refusing: fields.text("refusing"),
    };
    if kind == DataKind::Location && !fields.has("precision") {
        let message = format!("`{}` is a location without a precision", fields.name());
        let fault = fields.reading.faults.error("location-without-precision", fields.at(), message);
        fault.help("add `precision = \"1 km\"`: what is stored is no finer than this");
    }
    policy.categories.insert(id, category);
}

/// Takes what says how long a category is kept, where nothing said it before.
pub(super) fn keep_once(policy: &mut Policy, fields: &mut Fields<'_>, (id, keep): (&str, Keep)) {
    if let Some(other) = policy.keep.get(id) {
        let message = format!(
            "two clauses say how long `{id}` is kept: `{}`, `{}`",
            other.clause, keep.clause
        );
        let fault = fields.reading.faults.error("contradiction", fields.at(), message);
        fault.help(format!("keep `keep` in `[category.{id}]`, or `[keep.{id}]`, not both"));
    }
    policy.keep.insert(id.to_owned(), keep);
}

pub(crate) fn source(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let kind = fields.need_word("kind").unwrap_or(SourceKind::Person);
    let partner = kind == SourceKind::Partner;
    let brings = fields.names("brings", Kind::Category);
    let purposes = fields.names("purposes", Kind::Purpose);
    for (name, given) in [("brings", brings.is_some()), ("purposes", purposes.is_some())] {
        if partner && !given {
            fields.missing(name, "[\"an-id\"]").label("a partner brings only what is listed");
        } else if given && !partner {
            let at = fields.reading.spot(Kind::Source, &fields.id(), name);
            let message = format!("`{}` is no partner and cannot limit `{name}`", fields.name());
            let fault = fields.reading.faults.error("contradiction", at, message);
            fault.help(format!("leave `{name}` out, or write `kind = \"partner\"`"));
        }
    }
    let terms = fields.text("terms");
    let source = Source { clause: fields.clause(), title, kind, brings, purposes, terms };
    policy.sources.insert(fields.id(), source);
}

pub(crate) fn logs(policy: &mut Policy, fields: &mut Fields<'_>) {
    fields.need_word::<Before>("before_consent");
    policy.logs = Some(Logs {
        clause: fields.clause(),
        signals: fields.need_words("signals"),
        scrub: fields.need_words("scrub"),
        address: fields.need_word("address").unwrap_or(Address::None),
        full_address_for: fields.names("full_address_for", Kind::Purpose).unwrap_or_default(),
    });
}

pub(crate) fn event(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let purpose = fields.need_name("purpose", Kind::Purpose);
    let mut kept = BTreeMap::new();
    for pair in fields.pairs("fields").unwrap_or_default() {
        fields.rule(&format!("fields.{}", pair.key), pair.value.clone());
        let (name, at) = (pair.value.clone(), pair.at);
        fields.reading.references.push(Reference { kind: Kind::Category, name, at });
        kept.insert(pair.key, pair.value);
    }
    if kept.is_empty() {
        fields.missing("fields", "{ path = \"an-id\" }");
    }
    let necessary = fields.flag("necessary", false);
    let event = Event { clause: fields.clause(), title, purpose, fields: kept, necessary };
    policy.events.insert(fields.id(), event);
}
