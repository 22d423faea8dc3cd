//! A request and a person's facts, in names: what the naive decision reads.

use std::collections::{BTreeMap, BTreeSet};

use decide::{Act, Facts, Request, Timestamp, Vocabulary};

/// What is asked about whom, when.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) asked: Asked,
    pub(super) categories: BTreeSet<String>,
    pub(super) region: String,
    pub(super) age: &'static str,
    pub(super) account: &'static str,
    pub(super) given: BTreeSet<String>,
    pub(super) refused: BTreeSet<String>,
    pub(super) objected: BTreeSet<String>,
    pub(super) shares: BTreeSet<String>,
    pub(super) transfers: BTreeSet<String>,
    /// `gpc`, `dnt`.
    pub(super) signals: BTreeSet<&'static str>,
    pub(super) dues: BTreeMap<String, BTreeSet<Timestamp>>,
    /// Categories whose value lies under a legal hold.
    pub(super) held: BTreeSet<String>,
    pub(super) adopted: u32,
    pub(super) now: Timestamp,
}

/// An act, in names.
#[derive(Debug)]
pub(super) enum Asked {
    Collect { purpose: String, source: String },
    Use { purpose: String },
    Share { purpose: String, recipient: String, form: &'static str, agreed: bool },
    Transfer { purpose: String, recipient: String, to: String },
    Disclose { ground: &'static str, evidenced: bool, approvers: u8 },
    Publish { purpose: String, recipient: String },
    Exercise { right: &'static str },
}

impl Question {
    pub(super) fn new(
        names: &Vocabulary,
        facts: &Facts,
        request: &Request,
        now: Timestamp,
    ) -> Self {
        let purposes = |set: decide::Set<decide::Purpose>| -> BTreeSet<String> {
            set.iter().map(|it| names.purpose_id(it).to_owned()).collect()
        };
        let mut dues: BTreeMap<String, BTreeSet<Timestamp>> = BTreeMap::new();
        for (category, due) in facts.dues.iter() {
            dues.entry(names.category_id(category).to_owned()).or_default().insert(due);
        }
        let gpc = facts.signals.gpc().then_some("gpc");
        let dnt = facts.signals.dnt().then_some("dnt");
        Self {
            asked: Asked::new(names, request.act),
            categories: request
                .categories
                .iter()
                .map(|it| names.category_id(it).to_owned())
                .collect(),
            region: names.region_id(facts.region).to_owned(),
            age: facts.age.word(),
            account: facts.account.word(),
            given: purposes(facts.given),
            refused: purposes(facts.refused),
            objected: purposes(facts.objected),
            shares: facts.shares.iter().map(|it| names.share_id(it).to_owned()).collect(),
            transfers: facts.transfers.iter().map(|it| names.transfer_id(it).to_owned()).collect(),
            signals: gpc.into_iter().chain(dnt).collect(),
            dues,
            held: facts.dues.held().iter().map(|it| names.category_id(it).to_owned()).collect(),
            adopted: facts.adopted,
            now,
        }
    }
}

impl Asked {
    fn new(names: &Vocabulary, act: Act) -> Self {
        let purpose_of = |it| names.purpose_id(it).to_owned();
        let recipient_of = |it| names.recipient_id(it).to_owned();
        match act {
            Act::Collect { purpose, source } => Self::Collect {
                purpose: purpose_of(purpose),
                source: names.source_id(source).to_owned(),
            },
            Act::Use { purpose } => Self::Use { purpose: purpose_of(purpose) },
            Act::Share { purpose, recipient, form, agreed } => Self::Share {
                purpose: purpose_of(purpose),
                recipient: recipient_of(recipient),
                form: form.word(),
                agreed,
            },
            Act::Transfer { purpose, recipient, to } => Self::Transfer {
                purpose: purpose_of(purpose),
                recipient: recipient_of(recipient),
                to: names.region_id(to).to_owned(),
            },
            Act::Disclose { ground, evidenced, approvers } => {
                Self::Disclose { ground: ground.word(), evidenced, approvers }
            }
            Act::Publish { purpose, recipient } => {
                Self::Publish { purpose: purpose_of(purpose), recipient: recipient_of(recipient) }
            }
            Act::Exercise { right } => Self::Exercise { right: right.word() },
        }
    }
}
