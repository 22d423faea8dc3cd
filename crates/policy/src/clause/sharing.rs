//! Who gets data, in which form, and on which consent.

mod check;

use std::collections::BTreeSet;

pub(crate) use check::{check, within_purpose};
use decide::Form;
use decide::spec::{Role, ShareConsent};

use crate::duration::Duration;
use crate::kind::Kind;
use crate::limit::{NUMBER_MAX, TITLE_MAX};
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Figure, Measure};
use crate::word::words;

words!(
    /// Papers that bind a recipient.
    Paper {
        /// A data-processing agreement.
        DataProcessingAgreement = "data-processing-agreement",
        /// A commitment letter.
        CommitmentLetter = "commitment-letter",
        /// A data-processing policy.
        DataPolicy = "data-policy",
    }
);
words!(
    /// Who may obtain a consent.
    ObtainedBy {
        /// We.
        Us = "us",
        /// The recipient, who confirms it.
        Recipient = "recipient",
    }
);
words!(
    /// Acts that nothing permits unless a clause declares them.
    ActWord {
        /// Taking values in.
        Collect = "collect",
        /// Using them.
        Use = "use",
        /// Giving them to a recipient.
        Share = "share",
        /// Sending them to another region.
        Transfer = "transfer",
        /// Giving them away on a ground of law.
        Disclose = "disclose",
        /// Making them public.
        Publish = "publish",
        /// Exercising a right.
        Exercise = "exercise",
    }
);

/// Who gets data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// What it is to us.
    pub role: Role,
    /// The region where it keeps what it gets.
    pub region: Option<String>,
    /// Whether an agreement must be in force.
    pub agreement: bool,
    /// How to reach it.
    pub contact: Option<String>,
    /// What it does with what it gets.
    pub does: Option<Localized>,
}

/// An agreement with recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// With whom.
    pub recipients: BTreeSet<String>,
    /// Which papers.
    pub documents: BTreeSet<Paper>,
}

/// A privacy budget, in thousandths, so that it adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Epsilon in thousandths.
    pub milli_epsilon: u32,
    /// For which period.
    pub period: Duration,
}

/// A share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// To whom.
    pub to: String,
    /// What for.
    pub purpose: String,
    /// Which categories.
    pub categories: BTreeSet<String>,
    /// In which form.
    pub form: Form,
    /// The smallest group that an aggregate speaks of.
    pub min_group: Option<u32>,
    /// The privacy budget of an aggregate.
    pub budget: Option<Budget>,
    /// The consent that it rests on.
    pub consent: ShareConsent,
    /// Who may obtain that consent.
    pub confirmed_by: BTreeSet<ObtainedBy>,
}

pub(crate) fn recipient(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let role = fields.need_word("role").unwrap_or(Role::Controller);
    let region = fields.plain_text("region", TITLE_MAX);
    if let Some((code, at)) = &region {
        fields.region(code, *at);
        fields.rule("region", code.clone());
    }
    let recipient = Recipient {
        clause: fields.clause(),
        title,
        role,
        region: region.map(|it| it.0),
        agreement: fields.flag("agreement", false),
        contact: fields.plain_text("contact", TITLE_MAX).map(|it| it.0),
        does: fields.text("does"),
    };
    policy.recipients.insert(fields.id(), recipient);
}

pub(crate) fn agreement(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let recipients: Vec<_> = fields.texts("recipients").unwrap_or_default();
    if recipients.is_empty() {
        fields.missing("recipients", "[\"an-id\"]");
    }
    // Checked by name later: an agreement with nobody known is a fault of its own.
    let recipients: BTreeSet<String> = recipients.into_iter().map(|it| it.0).collect();
    fields.rule("recipients", recipients.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
    let documents = fields.need_words("documents");
    let agreement = Agreement { clause: fields.clause(), title, recipients, documents };
    policy.agreements.insert(fields.id(), agreement);
}

pub(crate) fn share(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let min_group = fields.number("min_group", 2, NUMBER_MAX);
    if let Some(count) = min_group {
        fields.figure(Figure::Other(count, Measure::Person));
    }
    let share = Share {
        clause: fields.clause(),
        title,
        to: fields.need_name("to", Kind::Recipient),
        purpose: fields.need_name("purpose", Kind::Purpose),
        categories: fields.need_names("categories", Kind::Category),
        form: fields.need_word("form").unwrap_or(Form::Identified),
        min_group,
        budget: budget(fields),
        consent: fields.word_or("consent", ShareConsent::Purpose),
        confirmed_by: fields.words("confirmed_by").unwrap_or_else(|| [ObtainedBy::Us].into()),
    };
    policy.shares.insert(fields.id(), share);
}

/// Reads `epsilon` and `period`; both or none.
fn budget(fields: &mut Fields<'_>) -> Option<Budget> {
    let (text, at) = fields.plain_text("epsilon", TITLE_MAX)?;
    let period = fields.need_duration("period");
    let Some(milli_epsilon) = milli(&text).filter(|it| *it > 0) else {
        let message = format!("`{text}` is no privacy budget");
        let fault = fields.reading.faults.error("bad-epsilon", at, message);
        fault.help("write a number with at most three decimals as text: `epsilon = \"0.5\"`");
        return None;
    };
    fields.rule("milli_epsilon", milli_epsilon.to_string());
    Some(Budget { milli_epsilon, period })
}

/// Thousandths of a decimal number; `None` where there are more digits than that.
fn milli(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || part.len() > 3 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<3}").parse().ok().filter(|it| *it <= NUMBER_MAX)
}

pub(crate) fn silence(policy: &mut Policy, fields: &mut Fields<'_>) {
    let acts: BTreeSet<ActWord> = fields.need_words("acts");
    // Several clauses may be silent: each act is a rule of its own.
    fields.reading.rules.remove("silence.acts");
    let clause = fields.clause();
    for act in acts {
        fields.reading.rules.insert(format!("silence.{}", act.word()), clause.clone());
        if let Some(other) = policy.silence.insert(act.word().to_owned(), clause.clone()) {
            let at = fields.at();
            let message = format!(
                "`{other}` and `{clause}` both speak of `{}` where nothing is declared",
                act.word()
            );
            let fault = fields.reading.faults.error("contradiction", at, message);
            fault.help(format!("leave `{}` in one of both", act.word()));
        }
    }
}
