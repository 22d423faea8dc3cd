//! One request, answered in words.

mod question;

use decide::{Act, Facts, Permit, Reason, Refusal, Request, Ruleset, Set, Timestamp, decide};

pub use question::{Question, Unknown};

use crate::phrase::{self, state};
use crate::policy::Policy;

/// Answers a question about an imagined person under a policy.
///
/// # Errors
/// When the question names something that the policy does not declare.
pub fn explain(
    policy: &Policy,
    question: &Question,
    now: Timestamp,
    language: &str,
) -> Result<String, Unknown> {
    let rules = question::rules(policy)?;
    let (facts, request) = question.resolve(&rules)?;
    Ok(answer(policy, &rules, (&facts, &request, now), language))
}

/// Whether the answer is yes, for at least a part of what was asked.
///
/// # Errors
/// When the question names something that the policy does not declare.
pub fn permits(policy: &Policy, question: &Question, now: Timestamp) -> Result<bool, Unknown> {
    let rules = question::rules(policy)?;
    let (facts, request) = question.resolve(&rules)?;
    Ok(decide(&rules, &facts, &request, now).is_ok())
}

/// Answers a request about a person, under rules compiled from the policy.
pub fn answer(
    policy: &Policy,
    rules: &Ruleset,
    (facts, request, now): (&Facts, &Request, Timestamp),
    language: &str,
) -> String {
    let mut text =
        Words { policy, rules, language, zh: language.starts_with("zh"), out: String::new() };
    text.person(facts);
    text.asked(request);
    match decide(rules, facts, request, now) {
        Ok(permit) => text.permit(&permit),
        Err(refusal) => text.refusal(&refusal),
    }
    text.out
}

struct Words<'a> {
    policy: &'a Policy,
    rules: &'a Ruleset,
    language: &'a str,
    zh: bool,
    out: String,
}

impl Words<'_> {
    /// A line with a label of the language.
    fn line(&mut self, (en, zh): (&str, &str), what: &str) {
        let (label, colon) = if self.zh { (zh, "：") } else { (en, ": ") };
        self.out.extend([label, colon, what, "\n"]);
    }

    fn person(&mut self, facts: &Facts) {
        let region = self.rules.vocabulary().region_id(facts.region);
        let title = self
            .policy
            .regions
            .get(region)
            .map_or(region, |it| it.title.in_language(self.language));
        let (account, age) =
            (state::account(facts.account, self.zh), state::age(facts.age, self.zh));
        let comma = if self.zh { "，" } else { ", " };
        let what = [title, account, age].join(comma);
        self.line(("person", "个人"), &what);
    }

    fn asked(&mut self, request: &Request) {
        let names = self.rules.vocabulary();
        let act = state::act(request.act, self.zh);
        let what = match request.act {
            Act::Collect { purpose, source } => {
                format!("{act} · {} · {}", names.purpose_id(purpose), names.source_id(source))
            }
            Act::Use { purpose } | Act::Publish { purpose, .. } => {
                format!("{act} · {}", names.purpose_id(purpose))
            }
            Act::Share { purpose, recipient, form, .. } => {
                let (purpose, recipient) =
                    (names.purpose_id(purpose), names.recipient_id(recipient));
                format!("{act} · {purpose} · {recipient} · {}", state::form(form, self.zh))
            }
            Act::Transfer { purpose, recipient, to } => {
                let (purpose, recipient) =
                    (names.purpose_id(purpose), names.recipient_id(recipient));
                format!("{act} · {purpose} · {recipient} · {}", names.region_id(to))
            }
            Act::Disclose { ground, .. } => format!("{act} · {}", ground.word()),
            Act::Exercise { right } => format!("{act} · {}", right.word()),
        };
        self.line(("asked", "请求"), &what);
        if !request.categories.is_empty() {
            let titles = self.titles(request.categories);
            self.line(("data", "数据"), &titles);
        }
    }

    /// Titles of categories.
    fn titles(&self, categories: Set<decide::Category>) -> String {
        let title = |it: decide::Category| {
            let id = self.rules.vocabulary().category_id(it);
            let title =
                self.policy.categories.get(id).map_or(id, |it| it.title.in_language(self.language));
            title.to_owned()
        };
        let all: Vec<String> = categories.iter().map(title).collect();
        all.join(if self.zh { "、" } else { ", " })
    }

    fn permit(&mut self, permit: &Permit) {
        let part = !permit.refused().is_empty();
        let answer = match (part, self.zh) {
            (false, false) => "permitted",
            (true, false) => "permitted in part",
            (false, true) => "允许",
            (true, true) => "部分允许",
        };
        self.line(("answer", "回答"), answer);
        if part {
            let titles = self.titles(permit.categories());
            self.line(("permitted", "允许"), &titles);
        }
        let cited: Vec<_> = permit.clauses().collect();
        self.clauses(&cited);
        self.refused(permit.refused());
    }

    fn refusal(&mut self, refusal: &Refusal) {
        self.line(("answer", "回答"), if self.zh { "拒绝" } else { "refused" });
        let cited: Vec<_> = refusal.clauses().collect();
        self.clauses(&cited);
        self.refused(refusal.refused());
    }

    fn clauses(&mut self, cited: &[decide::Clause]) {
        for clause in cited {
            let id = self.rules.clause_id(*clause);
            let title = self.policy.clause_title(id, self.language).unwrap_or_default();
            let what = format!("{id} ({title})");
            self.line(("clause", "条款"), &what);
        }
    }

    fn refused(&mut self, parts: &[decide::Refused]) {
        for part in parts {
            let titles = self.titles(part.categories);
            let reason: Reason = part.reason;
            let clause = self.rules.clause_id(part.clause);
            let of = if titles.is_empty() { String::new() } else { format!("{titles} · ") };
            let what = format!(
                "{of}{} [{}, {clause}]",
                phrase::reason(reason, self.language),
                reason.word()
            );
            self.line(("refused", "拒绝"), &what);
            self.line(("remedy", "可行做法"), phrase::remedy(reason, self.language));
        }
    }
}

#[cfg(test)]
mod tests;
