//! What the banner shows: the purposes that wait for an answer, in a language, and what was answered.

use std::collections::BTreeMap;

use decide::{Act, Facts, RegionCode, Right, Set, Signals, Timestamp};
use serde::Serialize;

use super::lasting::remembered;
use crate::answer::Said;
use crate::book::Book;
use crate::cessation::{OnSite, is_over, on_site};
use crate::change::{Announcement, announcement, ask_again};
use crate::engine::Case;
use crate::{Acting, Flows, Stop, secret};

/// Everything that the banner needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Whether this browser or person answered.
    pub answered: bool,
    /// Purposes that a newer version asks about anew.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ask_again: Vec<String>,
    /// A new version, as the site announces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Announcement>,
    /// What ends, as every page says it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endings: Vec<OnSite>,
    /// The answer to each purpose, where there is one.
    pub choices: BTreeMap<String, String>,
    /// What the browser signals.
    pub signals: SignalsShown,
    /// The language of the texts.
    pub language: String,
    /// The hash of what is shown; an answer names it.
    pub text_hash: String,
    /// Where the policy is read.
    pub policy: String,
    /// The version of the policy.
    pub version: u32,
    /// Days that a page remembers a refusal where cookies are blocked.
    pub refusal_days: i64,
    /// The words of the banner.
    pub texts: Texts,
    /// The purposes.
    pub purposes: Vec<PurposeShown>,
    /// The kinds of log information that may be sent, each with its fields.
    pub events: BTreeMap<String, Vec<String>>,
}

/// The signals of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SignalsShown {
    /// Global Privacy Control.
    pub gpc: bool,
    /// Do-Not-Track.
    pub dnt: bool,
}

/// A purpose, as the banner shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurposeShown {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is, in a sentence or two.
    pub text: String,
    /// Its clause.
    pub clause: String,
    /// The signals that refuse it.
    pub signals: Vec<String>,
    /// The kinds of log information that are collected for it.
    pub events: Vec<String>,
}

/// The words of the banner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Texts {
    /// Its heading.
    pub title: &'static str,
    /// What it says.
    pub body: &'static str,
    /// The button that says yes to all.
    pub accept: &'static str,
    /// The button that says no to all.
    pub refuse: &'static str,
    /// The button that shows the purposes.
    pub choose: &'static str,
    /// The button that saves a choice.
    pub save: &'static str,
    /// The label of the cross.
    pub close: &'static str,
    /// The link to the policy.
    pub more: &'static str,
    /// The link by which one changes one's mind.
    pub change: &'static str,
}

impl Texts {
    /// In a language; in English where the banner is not written in that one.
    pub fn of(language: &str) -> Self {
        if language == "zh" {
            return Self {
                title: "请您选择 Cookie 与使用数据的用途",
                body: "我们希望了解本网站的使用情况，并展示更合适的内容。在您答复之前，这些都不会发生；拒绝不影响其他任何功能。",
                accept: "全部同意",
                refuse: "全部拒绝",
                choose: "逐项选择",
                save: "保存选择",
                close: "关闭，暂不答复",
                more: "阅读隐私政策",
                change: "隐私选择",
            };
        }
        Self {
            title: "Your choice about cookies and usage data",
            body: "We would like to understand how this site is used and to show what fits. Nothing \
                   of this happens before you answer, and refusing changes nothing else.",
            accept: "Accept all",
            refuse: "Refuse all",
            choose: "Choose",
            save: "Save my choice",
            close: "Close without answering",
            more: "Read the policy",
            change: "Privacy choices",
        }
    }
}

/// The hash of what is shown in a language: of the words, the purposes and the rules behind them.
pub fn text_hash(book: &Book, region: RegionCode, language: &str) -> String {
    let shown = (Texts::of(language), purposes(book, region, language), book.hash());
    let bytes = serde_json::to_vec(&shown).unwrap_or_default();
    format!("sha256:{}", secret::hex(&secret::digest(&bytes)))
}

/// What a browser that nobody knows is shown. `refused` says whether it carries the constant that
/// remembers a refusal.
pub fn show(
    book: &Book,
    (language, signals): (&str, Signals),
    refused: bool,
    now: Timestamp,
) -> Result<Shown, Stop> {
    let home = book.home().ok_or_else(|| Stop::Broken("no home region".to_owned()))?;
    let mut shown = base(book, home, (language, signals), now);
    shown.answered = refused;
    for purpose in &shown.purposes {
        let no =
            refused || (signals.any() && purpose.signals.iter().any(|it| carries(signals, it)));
        if no {
            shown.choices.insert(purpose.id.clone(), "refused".to_owned());
        }
    }
    shown.over(book);
    Ok(shown)
}

fn carries(signals: Signals, name: &str) -> bool {
    (name == "gpc" && signals.gpc()) || (name == "dnt" && signals.dnt())
}

impl Shown {
    /// What a person, or a browser that agreed to something, is shown. Reading one's own answer is
    /// asked of the decision, and opens nothing.
    ///
    /// # Errors
    /// `Gone` once the person is erased.
    pub async fn to(
        flows: &Flows,
        who: impl Into<Acting>,
        (language, signals): (&str, Signals),
        now: Timestamp,
    ) -> Result<Said<Self>, Stop> {
        let book = flows.book();
        let who = who.into();
        let (person, asker) = (who.person(), who.asker());
        let act = Act::Exercise { right: Right::Access };
        let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
        let mut shown = base(&book, person.region(), (language, signals), now);
        shown.answer(&book, tx.facts());
        shown.ask_again = ask_again(flows, &tx, now).await?;
        shown.answered &= shown.ask_again.is_empty();
        shown.over(&book);
        shown.notice = announcement(flows, language, now);
        Ok(Said::new(shown, tx.asked()))
    }

    /// After the end nothing is collected, so that nothing is asked.
    fn over(&mut self, book: &Book) {
        if is_over(book) {
            self.answered = true;
            self.events.clear();
        }
    }

    fn answer(&mut self, book: &Book, facts: &Facts) {
        for purpose in &self.purposes {
            let Ok(bit) = book.purpose(&purpose.id) else { continue };
            let word = match (facts.refused.has(bit), facts.given.has(bit)) {
                (true, _) => "refused",
                (false, true) => "given",
                (false, false) => continue,
            };
            self.choices.insert(purpose.id.clone(), word.to_owned());
        }
        // A purpose that is new since then has no answer yet: it is asked for.
        self.answered = self.purposes.iter().all(|it| self.choices.contains_key(&it.id));
    }
}

fn base(
    book: &Book,
    region: RegionCode,
    (language, signals): (&str, Signals),
    now: Timestamp,
) -> Shown {
    let language = book.language(language);
    let events = book.policy().events.iter();
    Shown {
        answered: false,
        ask_again: Vec::new(),
        notice: None,
        endings: on_site(book, language),
        choices: BTreeMap::new(),
        signals: SignalsShown { gpc: signals.gpc(), dnt: signals.dnt() },
        language: language.to_owned(),
        text_hash: text_hash(book, region, language),
        policy: "/privacy".to_owned(),
        version: book.version(),
        refusal_days: remembered(book, now),
        texts: Texts::of(language),
        purposes: purposes(book, region, language),
        events: events.map(|(id, it)| (id.clone(), it.fields.keys().cloned().collect())).collect(),
    }
}

fn purposes(book: &Book, region: RegionCode, language: &str) -> Vec<PurposeShown> {
    let policy = book.policy();
    let shown = |(id, _)| {
        let purpose = policy.purposes.get(&id)?;
        let terms = purpose.terms(region.as_str());
        let refuses = |effect| effect == decide::spec::Effect::Refuse;
        let mut signals = Vec::new();
        if refuses(terms.gpc) {
            signals.push("gpc".to_owned());
        }
        if refuses(terms.dnt) {
            signals.push("dnt".to_owned());
        }
        let events = policy.events.iter().filter(|(_, it)| it.purpose == id);
        let events = events.map(|(kind, _)| kind.clone()).collect();
        Some(PurposeShown {
            events,
            title: purpose.title.in_language(language).to_owned(),
            text: book.sentence(&purpose.clause, language),
            clause: purpose.clause.clone(),
            id,
            signals,
        })
    };
    book.choices(region).into_iter().filter_map(shown).collect()
}
