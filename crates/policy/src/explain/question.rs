//! A question in words of the policy, and the facts and request that it stands for.

use std::collections::BTreeSet;

use decide::{
    Account, Act, Age, Facts, Form, Ground, Request, Right, Ruleset, Set, Signals, Vocabulary,
};

use crate::policy::Policy;

/// A request about an imagined person. Names are ids of the policy.
#[derive(Debug, Clone)]
pub struct Question {
    /// The act: `collect`, `use`, `share`, `transfer`, `disclose`, `publish`, `exercise`.
    pub act: String,
    /// The purpose; for `exercise` the right, for `disclose` the ground.
    pub purpose: String,
    /// The categories.
    pub categories: BTreeSet<String>,
    /// The source that collects.
    pub source: Option<String>,
    /// The recipient.
    pub recipient: Option<String>,
    /// The form of a share.
    pub form: Form,
    /// The region that a transfer goes to.
    pub to_region: Option<String>,
    /// Whether agreements are in force, or evidence is at hand.
    pub in_order: bool,
    /// How many people approved a disclosure.
    pub approvers: u8,
    /// The person's home region; that of the policy where it is left out.
    pub region: Option<String>,
    /// The person's age state.
    pub age: Age,
    /// The person's account state.
    pub account: Account,
    /// Purposes that the person said yes to.
    pub given: BTreeSet<String>,
    /// Purposes that the person said no to.
    pub refused: BTreeSet<String>,
    /// Purposes that the person objected to.
    pub objected: BTreeSet<String>,
    /// Shares and transfers that the person agreed to, each by itself.
    pub agreed: BTreeSet<String>,
    /// Whether the browser sends Global Privacy Control.
    pub gpc: bool,
    /// Whether the browser sends Do-Not-Track.
    pub dnt: bool,
    /// The newest version whose widened rules apply to the person; all where it is left out.
    pub adopted: Option<u32>,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            act: "use".to_owned(),
            purpose: String::new(),
            categories: BTreeSet::new(),
            source: None,
            recipient: None,
            form: Form::Identified,
            to_region: None,
            in_order: true,
            approvers: 2,
            region: None,
            age: Age::Adult,
            account: Account::Active,
            given: BTreeSet::new(),
            refused: BTreeSet::new(),
            objected: BTreeSet::new(),
            agreed: BTreeSet::new(),
            gpc: false,
            dnt: false,
            adopted: None,
        }
    }
}

/// Something that the policy does not declare.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} `{name}` in this policy")]
pub struct Unknown {
    /// What it should have been: `purpose`.
    pub what: &'static str,
    /// What was given.
    pub name: String,
}

/// The rules of a policy by themselves.
pub(super) fn rules(policy: &Policy) -> Result<Ruleset, Unknown> {
    let unknown = |what| Unknown { what, name: policy.spec.version.to_string() };
    let names =
        Vocabulary::default().with(&policy.spec).map_err(|_| unknown("room for version"))?;
    Ruleset::new(&policy.spec, &names).map_err(|_| unknown("rule set of version"))
}

/// Finds each name.
fn all<T: decide::set::Interned>(
    what: &'static str,
    names: &BTreeSet<String>,
    find: impl Fn(&str) -> Option<T>,
) -> Result<Set<T>, Unknown> {
    names.iter().map(|it| one(what, Some(it), &find)).collect()
}

/// Finds a name.
fn one<T>(
    what: &'static str,
    name: Option<&String>,
    find: impl Fn(&str) -> Option<T>,
) -> Result<T, Unknown> {
    let name = name.cloned().unwrap_or_default();
    find(&name).ok_or(Unknown { what, name })
}

impl Question {
    /// The facts and the request that it stands for.
    pub(super) fn resolve(&self, rules: &Ruleset) -> Result<(Facts, Request), Unknown> {
        let names = rules.vocabulary();
        let home = names.names(decide::vocabulary::Kind::Region).first();
        let region = one("region", self.region.as_ref().or(home), |it| names.region(it))?;
        let mut facts = Facts::new(region, self.account, self.adopted.unwrap_or(rules.version()));
        facts.age = self.age;
        facts.signals = Signals::new(self.gpc, self.dnt);
        facts.given = all("purpose", &self.given, |it| names.purpose(it))?;
        facts.refused = all("purpose", &self.refused, |it| names.purpose(it))?;
        facts.objected = all("purpose", &self.objected, |it| names.purpose(it))?;
        for id in &self.agreed {
            match (names.share(id), names.transfer(id)) {
                (Some(it), _) => facts.shares = facts.shares.with(it),
                (None, Some(it)) => facts.transfers = facts.transfers.with(it),
                (None, None) => {
                    return Err(Unknown { what: "share or transfer", name: id.clone() });
                }
            }
        }
        let categories = all("category", &self.categories, |it| names.category(it))?;
        Ok((facts, Request { act: self.act(names)?, categories }))
    }

    fn act(&self, names: &Vocabulary) -> Result<Act, Unknown> {
        let purpose = || one("purpose", Some(&self.purpose), |it| names.purpose(it));
        let recipient = || one("recipient", self.recipient.as_ref(), |it| names.recipient(it));
        Ok(match self.act.as_str() {
            "collect" => {
                let source = one("source", self.source.as_ref(), |it| names.source(it))?;
                Act::Collect { purpose: purpose()?, source }
            }
            "use" => Act::Use { purpose: purpose()? },
            "share" => {
                let (form, agreed) = (self.form, self.in_order);
                Act::Share { purpose: purpose()?, recipient: recipient()?, form, agreed }
            }
            "transfer" => {
                let to = one("region", self.to_region.as_ref(), |it| names.region(it))?;
                Act::Transfer { purpose: purpose()?, recipient: recipient()?, to }
            }
            "disclose" => {
                let ground = one("ground", Some(&self.purpose), Ground::from_word)?;
                Act::Disclose { ground, evidenced: self.in_order, approvers: self.approvers }
            }
            "publish" => Act::Publish { purpose: purpose()?, recipient: recipient()? },
            "exercise" => {
                Act::Exercise { right: one("right", Some(&self.purpose), Right::from_word)? }
            }
            other => return Err(Unknown { what: "act", name: other.to_owned() }),
        })
    }
}
