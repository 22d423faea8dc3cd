//! The letter about a new version: the day, what changes for this person, and what they may do.

use policy::clause::change::Unanswered;

use super::affect::{Affected, Widening};
use crate::messages::Words;

/// What a letter says beside the changes.
pub(super) struct Letter<'a> {
    pub(super) widening: &'a Widening<'a>,
    pub(super) affected: &'a Affected,
    /// The day from which it counts for this person, in words of their language.
    pub(super) day: &'a str,
    /// Who writes, and where this server is reached.
    pub(super) sender: (&'a str, &'a str),
    /// Who reads it.
    pub(super) to: To,
}

/// Who reads a letter: who is asked anew, and who looks at what is held where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    /// Whoever decides for themselves.
    Person,
    /// A child, for whom a guardian answers.
    Child,
    /// The guardian.
    Guardian,
}

impl To {
    /// Where answers are given.
    pub(super) const fn answers(self) -> &'static str {
        match self {
            Self::Person | Self::Child => "/privacy/changes",
            Self::Guardian => "/privacy/child/changes",
        }
    }

    /// Where what is held is seen.
    const fn own(self) -> &'static str {
        match self {
            Self::Person | Self::Child => "/me",
            Self::Guardian => "/privacy/child",
        }
    }
}

impl Letter<'_> {
    /// In a language; in English where it is not written in that one.
    pub(super) fn words(&self, language: &str) -> Words {
        let zh = language.starts_with("zh");
        let said = if zh { self.chinese(language) } else { self.english(language) };
        Words::signed(said, language, self.sender)
    }

    /// What changes for this person, a line each.
    fn changes(&self, language: &str) -> String {
        let both = (self.widening.old, self.widening.new);
        let all = policy::diff::plainly(&self.affected.changes, both, language);
        all.iter().flat_map(|it| ["- ", it.as_str(), "\n"]).collect()
    }

    /// The purposes that are asked about, by title.
    fn asked(&self, language: &str) -> Vec<String> {
        let title = |id: &String| {
            let purpose = self.widening.new.purposes.get(id)?;
            Some(purpose.title.in_language(language).to_owned())
        };
        self.affected.ask.iter().filter_map(title).collect()
    }

    fn english(&self, language: &str) -> (String, String) {
        let Self { day, widening, sender: (_, address), to, .. } = self;
        let (version, changes) = (widening.version, self.changes(language));
        let asked = self.asked(language);
        let (answers, own) = (to.answers(), to.own());
        let ask = if asked.is_empty() {
            "Until then the old rules apply to you. You need do nothing.\n\n".to_owned()
        } else {
            let titles = asked.iter().map(|it| format!("“{it}”")).collect::<Vec<_>>().join(", ");
            let silence = match widening.unanswered() {
                Unanswered::OldRules => {
                    "If you do not answer, the old rules stay for you: what you agreed to goes on, \
                     and nothing is added."
                }
                Unanswered::Stop => "If you do not answer, it stops on that day.",
            };
            match to {
                To::Child => format!("For {titles} we ask your guardian anew.\n\n"),
                To::Person | To::Guardian => format!(
                    "For {titles} we need your agreement anew. {silence} Your answer, yes or no:\n\
                     {address}{answers}/{version}\n\n"
                ),
            }
        };
        (
            format!("Our privacy policy changes on {day}"),
            format!(
                "Version {version} of our privacy policy applies to you from {day}. For you it \
                 means:\n\n{changes}\n{ask}Every changed word is marked here:\n\
                 {address}/privacy/versions/{version}\n\nYou can see what we hold, change your \
                 choices, object or close your account here:\n{address}{own}"
            ),
        )
    }

    fn chinese(&self, language: &str) -> (String, String) {
        let Self { day, widening, sender: (_, address), to, .. } = self;
        let (version, changes) = (widening.version, self.changes(language));
        let asked = self.asked(language);
        let (answers, own) = (to.answers(), to.own());
        let ask = if asked.is_empty() {
            "在此之前，对您适用的仍是旧规则。您无需做任何事。\n\n".to_owned()
        } else {
            let titles = asked.iter().map(|it| format!("“{it}”")).collect::<Vec<_>>().join("、");
            let silence = match widening.unanswered() {
                Unanswered::OldRules => {
                    "如果您不答复，旧规则对您继续有效：您原先同意的照旧，不会增加任何内容。"
                }
                Unanswered::Stop => "如果您不答复，我们将在该日停止。",
            };
            match to {
                To::Child => format!("对于{titles}，我们会重新征求您监护人的同意。\n\n"),
                To::Person | To::Guardian => format!(
                    "对于{titles}，我们需要重新征求您的同意。{silence}请在此答复同意或不同意：\n\
                     {address}{answers}/{version}\n\n"
                ),
            }
        };
        (
            format!("我们的隐私政策将于 {day} 变更"),
            format!(
                "我们的隐私政策第 {version} 版自 {day} 起对您适用。对您而言：\n\n{changes}\n{ask}\
                 每一处改动都在此标明：\n{address}/privacy/versions/{version}\n\n\
                 您可在此查看我们持有的信息、更改选择、提出反对或注销账户：\n{address}{own}"
            ),
        )
    }
}
