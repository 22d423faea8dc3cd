//! The policy in force, as the verbs look things up in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use decide::{
    Category, Clause, Purpose, Region, RegionCode, Right, Ruleset, Set, Source, Timestamp,
};
use jiff::tz::TimeZone;
use policy::clause::collection::SourceKind;
use policy::clause::rights::Who;
use policy::{Anchor, Duration, Policy, Unit};

use crate::cessation::Ending;
use crate::collection::Kinds;
use crate::engine::OpenFault;
use crate::language::{of_tag, preferred};
use crate::{Acting, Stop};

/// The policy in force, compiled against this installation's names.
#[derive(Debug)]
pub struct Book {
    policy: Policy,
    rules: Arc<Ruleset>,
    hash: String,
    kinds: Kinds,
    zones: BTreeMap<RegionCode, TimeZone>,
    texts: BTreeMap<String, String>,
    endings: Vec<Ending>,
}

/// The regions that a policy declares, the home region first.
pub(crate) fn regions(policy: &Policy) -> Result<Vec<RegionCode>, OpenFault> {
    let codes = policy.header.regions.iter();
    codes
        .map(|code| {
            let fault = || OpenFault::Policy(format!("region `{code}` is not a code: use `cn`"));
            RegionCode::new(code).ok_or_else(fault)
        })
        .collect()
}

impl Book {
    pub(crate) fn new(policy: Policy, rules: Ruleset) -> Self {
        let zone = |code: &String| Some((RegionCode::new(code)?, policy.zone(code).ok()?));
        let zones = policy.header.regions.iter().filter_map(zone).collect();
        let (hash, kinds) = (policy.hash(), Kinds::of(&policy, &rules));
        let text = |it: &String| (it.clone(), policy::notice::text_hash(&policy, it));
        let texts = policy.header.languages.iter().map(text).collect();
        let (rules, endings) = (Arc::new(rules), Vec::new());
        Self { policy, rules, hash, kinds, zones, texts, endings }
    }

    /// With the endings that were announced, which the rules have already.
    pub(crate) fn ending(self, endings: Vec<Ending>) -> Self {
        Self { endings, ..self }
    }

    /// The endings that were announced, oldest first.
    pub fn endings(&self) -> &[Ending] {
        &self.endings
    }

    /// The policy, with its prose and declarations.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The rules that decide.
    pub const fn rules(&self) -> &Arc<Ruleset> {
        &self.rules
    }

    /// The kinds of event that are declared.
    pub(crate) const fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// The hash of the rules, as 64 hex digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The hash of what people read of it in a language.
    pub(crate) fn text_hash(&self, language: &str) -> String {
        let language = self.language(language);
        self.texts.get(language).map_or_else(String::new, |it| format!("sha256:{it}"))
    }

    /// The version.
    pub fn version(&self) -> u32 {
        self.rules.version()
    }

    /// The home region of the service.
    pub fn home(&self) -> Option<RegionCode> {
        RegionCode::new(self.policy.header.home())
    }

    /// A region that the policy declares.
    ///
    /// # Errors
    /// `Invalid`, for any other.
    pub fn region(&self, code: &str) -> Result<(RegionCode, Region), Stop> {
        let found = RegionCode::new(code).zip(self.rules.vocabulary().region(code));
        let declared = found.filter(|_| self.policy.regions.contains_key(code));
        declared.ok_or_else(|| {
            Stop::invalid(
                "region",
                format!("use one of `{}`", self.policy.header.regions.join("`, `")),
            )
        })
    }

    /// The language to speak to somebody who prefers these, written as a browser writes its
    /// `Accept-Language`: of those that the policy has, the one that is wanted most; else its main one.
    pub fn language<'a>(&'a self, wanted: &str) -> &'a str {
        let header = &self.policy.header;
        preferred(wanted, &header.languages).unwrap_or_else(|| header.main_language())
    }

    /// A language that somebody names for themselves: what is written to them, or what they agree to,
    /// is in that one and no other.
    ///
    /// # Errors
    /// `Invalid`, for one that the policy is not written in.
    pub fn spoken(&self, field: &str, named: &str) -> Result<&str, Stop> {
        let all = &self.policy.header.languages;
        of_tag(named, all).ok_or_else(|| {
            let say = format!("use a language of the policy: `{}`", all.join("`, `"));
            Stop::invalid(field, say)
        })
    }

    /// The zone in whose days a region counts.
    pub fn zone(&self, region: RegionCode) -> TimeZone {
        self.zones.get(&region).cloned().unwrap_or(TimeZone::UTC)
    }

    /// A category that this version declares.
    ///
    /// # Errors
    /// `Invalid`, for any other.
    pub fn category(&self, id: &str) -> Result<Category, Stop> {
        let found = self.rules.vocabulary().category(id);
        found
            .filter(|_| self.policy.categories.contains_key(id))
            .ok_or_else(|| Stop::invalid("category", "use a category that the policy declares"))
    }

    /// Categories by id.
    ///
    /// # Errors
    /// `Invalid`, when one is not declared.
    pub fn categories<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a String>,
    ) -> Result<Set<Category>, Stop> {
        ids.into_iter().map(|id| self.category(id)).collect()
    }

    /// The purpose with this id.
    ///
    /// # Errors
    /// `Invalid`, for one that is not declared.
    pub fn purpose(&self, id: &str) -> Result<Purpose, Stop> {
        let found = self.rules.vocabulary().purpose(id);
        found
            .filter(|_| self.policy.purposes.contains_key(id))
            .ok_or_else(|| Stop::invalid("purpose", "use a purpose that the policy declares"))
    }

    /// The source with this id.
    ///
    /// # Errors
    /// `Invalid`, for one that is not declared.
    pub fn source(&self, id: &str) -> Result<Source, Stop> {
        let found = self.rules.vocabulary().source(id);
        found
            .filter(|_| self.policy.sources.contains_key(id))
            .ok_or_else(|| Stop::invalid("source", "use a source that the policy declares"))
    }

    /// The first source of a kind.
    ///
    /// # Errors
    /// `Invalid`, where the policy declares none.
    pub(crate) fn source_of(&self, kind: SourceKind) -> Result<Source, Stop> {
        let names = self.rules.vocabulary();
        // Our usual names first; any other of that kind will do.
        let usual = ["registration", "device", "staff", "derived"].into_iter();
        let all = usual.chain(self.policy.sources.keys().map(String::as_str));
        let found = all
            .filter(|id| self.policy.sources.get(*id).is_some_and(|it| it.kind == kind))
            .find_map(|id| names.source(id));
        found.ok_or_else(|| Stop::invalid("source", "the policy declares no such source"))
    }

    /// The id of a category.
    pub fn category_id(&self, category: Category) -> &str {
        self.rules.vocabulary().category_id(category)
    }

    /// The ids of categories.
    pub fn category_ids(&self, categories: Set<Category>) -> Vec<String> {
        categories.iter().map(|it| self.category_id(it).to_owned()).collect()
    }

    /// The ids of purposes.
    pub fn purpose_ids(&self, purposes: Set<Purpose>) -> Vec<String> {
        let names = self.rules.vocabulary();
        purposes.iter().map(|it| names.purpose_id(it).to_owned()).collect()
    }

    /// The ids of clauses.
    pub(crate) fn clause_ids(&self, clauses: impl Iterator<Item = Clause>) -> Vec<String> {
        clauses.map(|it| self.rules.clause_id(it).to_owned()).collect()
    }

    /// The declaration of a category.
    pub(crate) fn declared(
        &self,
        category: Category,
    ) -> Option<&policy::clause::collection::Category> {
        self.policy.categories.get(self.category_id(category))
    }

    /// Every category that the policy declares.
    pub(crate) fn all_categories(&self) -> Set<Category> {
        let names = self.rules.vocabulary();
        self.policy.categories.keys().filter_map(|it| names.category(it)).collect()
    }

    /// When a value goes, where its time runs from `anchor`; `None` where it runs from another event.
    pub(crate) fn due(
        &self,
        category: Category,
        anchor: Anchor,
        at: (RegionCode, Timestamp),
    ) -> Option<Timestamp> {
        let keep = self.policy.keep.get(self.category_id(category))?;
        if keep.after != anchor {
            return None;
        }
        self.policy.due(at.0.as_str(), at.1, keep.period).ok()
    }

    /// When a value that is collected and in use now goes, as far as that can be said today.
    pub(crate) fn due_from_now(
        &self,
        category: Category,
        at: (RegionCode, Timestamp),
    ) -> Option<Timestamp> {
        self.due(category, Anchor::Collected, at)
            .or_else(|| self.due(category, Anchor::LastActive, at))
    }

    /// Until when a request must be answered. A right is not refused because a calendar does not
    /// reach that far yet: each day counts as a working day then, which is never later than the
    /// deadline that the calendar will give; who is told of it is told that it is for now.
    ///
    /// # Errors
    /// When the date is out of range.
    pub(crate) fn answer_by(
        &self,
        right: Right,
        region: RegionCode,
        now: Timestamp,
    ) -> Result<Timestamp, Stop> {
        let rule = self.policy.rights.get(&right);
        let within = rule.and_then(|it| it.within.get(region.as_str()));
        let Some(within) = within else { return Ok(now) };
        let due = self.policy.due(region.as_str(), now, *within).or_else(|error| {
            tracing::warn!(%error, "a deadline counts each day as a working day");
            let days = Duration { unit: Unit::Day, ..*within };
            self.policy.due(region.as_str(), now, days)
        });
        due.map_err(|error| Stop::Broken(error.to_string()))
    }

    /// Whether a right is one that this person, or this guardian, may ask for.
    ///
    /// # Errors
    /// `NotNow`, with the clause that says who may.
    pub(crate) fn may_ask(&self, right: Right, who: Acting) -> Result<(), Stop> {
        let Some(rule) = self.policy.rights.get(&right) else { return Ok(()) };
        let asks = if who.is_guardian() { Who::Guardian } else { Who::Person };
        if rule.who.contains(&asks) {
            return Ok(());
        }
        let others = rule.who.iter().map(|it| it.word()).collect::<Vec<_>>().join("`, `");
        let clause = &rule.clause;
        Err(Stop::NotNow(format!("by clause `{clause}` this is asked for by: `{others}`")))
    }

    /// The purposes that a person's own consent moves in a region, in the order of the policy's page.
    pub fn choices(&self, region: RegionCode) -> Vec<(String, Purpose)> {
        let names = self.rules.vocabulary();
        let order = |clause: &str| self.policy.clauses.iter().position(|it| it.id == clause);
        let mut found: Vec<_> = self
            .policy
            .purposes
            .iter()
            .filter(|(_, it)| it.terms(region.as_str()).basis == decide::spec::Basis::Consent)
            .filter_map(|(id, it)| Some((order(&it.clause), id.clone(), names.purpose(id)?)))
            .collect();
        found.sort_by_key(|(order, _, _)| *order);
        found.into_iter().map(|(_, id, purpose)| (id, purpose)).collect()
    }

    /// What a clause says, in plain words: its first paragraph.
    pub(crate) fn sentence(&self, clause: &str, language: &str) -> String {
        policy::notice::clause_text(&self.policy, clause, language).unwrap_or_default()
    }

    /// What follows for a person who leaves a category out, in words; empty where nothing does.
    pub fn consequence(&self, category: &str, language: &str) -> String {
        let declared = self.policy.categories.get(category).and_then(|it| it.refusing.as_ref());
        declared.map_or_else(String::new, |it| it.in_language(language).to_owned())
    }

    /// For which purpose a source brings a category: the first of the usual ones that may use it.
    pub(crate) fn purpose_for(&self, category: Category, first: &[&str]) -> Option<Purpose> {
        let names = self.rules.vocabulary();
        let usual = first.iter().copied();
        let all = usual.chain(self.policy.purposes.keys().map(String::as_str));
        all.filter_map(|id| names.purpose(id)).find(|it| self.rules.uses(*it).has(category))
    }
}
