//! Cookies, and the banner that asks about them.

use std::collections::BTreeSet;

use decide::spec::Basis;

use crate::diagnostic::At;
use crate::duration::Duration;
use crate::kind::Kind;
use crate::limit::TITLE_MAX;
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Reading};
use crate::word::words;

words!(
    /// Where a browser keeps it.
    Storage {
        /// As a cookie.
        Cookie = "cookie",
        /// In the page's local storage.
        LocalStorage = "local-storage",
    }
);
words!(
    /// What the banner offers.
    Choice {
        /// Everything.
        Accept = "accept",
        /// Nothing but the strictly necessary.
        Refuse = "refuse",
        /// Each purpose by itself.
        Choose = "choose",
    }
);

/// One kind of cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// The pattern of its name; `*` stands for anything.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// How long it lives; nothing for as long as the browser is open.
    pub lifetime: Option<Duration>,
    /// Whether it is set before a choice is made.
    pub necessary: bool,
    /// Where the browser keeps it.
    pub storage: Storage,
}

/// The banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// The clause that declares it.
    pub clause: String,
    /// What it offers.
    pub choices: BTreeSet<Choice>,
    /// After which time it asks again.
    pub ask_again: Option<Duration>,
}

pub(crate) fn cookie(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let name = fields.plain_text("name", TITLE_MAX).map(|it| it.0).unwrap_or_default();
    if fields.has("name") {
        fields.rule("name", name.clone());
    } else {
        fields.missing("name", "\"kept_*\"");
    }
    let purpose = fields.one_name("purpose", Kind::Purpose).unwrap_or_default();
    if !fields.has("purpose") {
        let message = format!("cookie `{}` has no purpose", fields.id());
        let at = fields.at();
        let fault = fields.reading.faults.error("cookie-without-purpose", at, message);
        fault.label("nobody can refuse it").help("add `purpose = \"…\"`, the id of a purpose");
    }
    let lifetime = lifetime(fields);
    let cookie = Cookie {
        clause: fields.clause(),
        title,
        name,
        purpose,
        lifetime,
        necessary: fields.flag("necessary", false),
        storage: fields.word_or("storage", Storage::Cookie),
    };
    policy.cookies.insert(fields.id(), cookie);
}

fn lifetime(fields: &mut Fields<'_>) -> Option<Duration> {
    if fields.plain_text("lifetime", TITLE_MAX).is_some_and(|it| it.0 == "session") {
        fields.rule("lifetime", "session");
        return None;
    }
    Some(fields.need_duration("lifetime"))
}

pub(crate) fn banner(policy: &mut Policy, fields: &mut Fields<'_>) {
    let choices: BTreeSet<Choice> = fields.need_words("choices");
    if fields.has("choices") && !choices.contains(&Choice::Refuse) {
        let at: At = fields.reading.spot(Kind::Banner, "", "choices");
        let message = "the banner offers no way to refuse";
        let fault = fields.reading.faults.error("banner-without-refusal", at, message);
        fault.help("write `choices = [\"accept\", \"refuse\", \"choose\"]`");
    }
    let ask_again = fields.duration("ask_again");
    policy.banner = Some(Banner { clause: fields.clause(), choices, ask_again });
}

/// What is set before a choice does not wait for one.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    for (id, cookie) in &policy.cookies {
        let consent =
            policy.purposes.get(&cookie.purpose).is_some_and(|it| it.rests_on(Basis::Consent));
        if cookie.necessary && consent {
            let at = reading.spot(Kind::Cookie, id, "necessary");
            let message =
                format!("cookie `{id}` is strictly necessary and its purpose rests on consent");
            let fault = reading.faults.error("necessary-consent", at, message);
            fault.help("leave `necessary` out, or name a purpose with another basis");
        }
    }
    remembered(policy, reading);
}

/// What a browser that refused is given: one value, the same for everybody.
pub const REFUSAL: &str = "kept";

/// The declaration of a name in one place of the browser: its own before a pattern that fits it.
pub fn declared<'a>(policy: &'a Policy, name: &str, storage: Storage) -> Option<&'a Cookie> {
    let all = || policy.cookies.values().filter(|it| it.storage == storage);
    let fits = |it: &&Cookie| it.name.strip_suffix('*').is_some_and(|it| name.starts_with(it));
    all().find(|it| it.name == name).or_else(|| all().find(fits))
}

/// A refusal has to be remembered for as long as nothing is asked again, wherever it is: what is not
/// declared lasts as long by itself.
fn remembered(policy: &Policy, reading: &mut Reading) {
    let Some(asks) = policy.banner.as_ref().and_then(|it| it.ask_again) else { return };
    let places = [Storage::Cookie, Storage::LocalStorage];
    let mut all = places.into_iter().filter_map(|it| declared(policy, REFUSAL, it));
    let lasts = |it: &Cookie| it.lifetime.is_some_and(|lifetime| !asks.outlasts(lifetime));
    if all.all(lasts) {
        return;
    }
    let at = reading.spot(Kind::Banner, "", "ask_again");
    let message = format!("nothing remembers a refusal for `{asks}`");
    let fault = reading.faults.error("refusal-forgotten", at, message);
    fault.help("give the cookie that remembers it as long a `lifetime`, or ask again sooner");
}
