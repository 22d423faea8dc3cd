//! What people are told of an end, in the languages that it is written in.

use super::announced::Dates;
use crate::limit::END_REMINDED_MILLIS;
use crate::messages::Words;

/// A notice: which of them it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// It is going to end.
    Announced,
    /// It ends in a week.
    Reminder,
    /// It has ended; there is time to take one's data along.
    Ended,
    /// That time is nearly over.
    LastCall,
    /// It does not end after all.
    Cancelled,
}

impl Notice {
    /// Those that an end brings with it, in their order.
    pub(super) const IN_ORDER: [Self; 4] =
        [Self::Announced, Self::Reminder, Self::Ended, Self::LastCall];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Reminder => "reminder",
            Self::Ended => "ended",
            Self::LastCall => "last-call",
            Self::Cancelled => "cancelled",
        }
    }

    /// When it is due.
    pub(super) fn at(self, dates: &Dates) -> i64 {
        // A week before, and never before half of the time is over.
        let before = |from: i64, until: i64| {
            let half = until.saturating_sub(from).div_euclid(2);
            until.saturating_sub(half.min(END_REMINDED_MILLIS))
        };
        match self {
            Self::Announced => dates.announced,
            Self::Reminder => before(dates.announced, dates.ends),
            Self::Ended => dates.ends,
            Self::LastCall => before(dates.ends, dates.export_until),
            Self::Cancelled => i64::MIN,
        }
    }

    /// Whether it may be left out, because what it says before something is past.
    pub(super) const fn lapses(self) -> bool {
        match self {
            Self::Reminder | Self::LastCall => true,
            Self::Announced | Self::Ended | Self::Cancelled => false,
        }
    }
}

/// What a notice says: days, in words of the language, and where to go.
pub(super) struct Letter<'a> {
    pub(super) notice: Notice,
    /// The title of the product; nothing for the whole service.
    pub(super) product: Option<&'a str>,
    /// Who runs it.
    pub(super) controller: &'a str,
    pub(super) ends: &'a str,
    pub(super) export: &'a str,
    pub(super) deleted: &'a str,
    /// Where one takes the data along.
    pub(super) at: &'a str,
}

impl Letter<'_> {
    /// As a mail; in English where it is not written in that language.
    pub(super) fn words(&self, language: &str, sender: (&str, &str)) -> Words {
        let said = if language == "zh" { self.chinese() } else { self.english() };
        Words::signed(said, language, sender)
    }

    /// As a push message: a heading and a line, without anything that names a person.
    pub(super) fn short(&self, language: &str) -> (String, String) {
        let chinese = language == "zh";
        let (heading, _) = if chinese { self.chinese() } else { self.english() };
        let export = self.export;
        let line = match (self.notice, chinese) {
            (Notice::Cancelled, false) => "Nothing was deleted, and nothing changes.".to_owned(),
            (Notice::Cancelled, true) => "没有删除任何内容，一切照旧。".to_owned(),
            (Notice::Announced | Notice::Reminder | Notice::Ended | Notice::LastCall, false) => {
                format!("You can take your data with you until {export}.")
            }
            (Notice::Announced | Notice::Reminder | Notice::Ended | Notice::LastCall, true) => {
                format!("您可在 {export}之前导出自己的数据。")
            }
        };
        (heading, line)
    }

    fn english(&self) -> (String, String) {
        let Self { ends, export, deleted, at, .. } = self;
        // A heading names who writes; a sentence need not.
        let named = self.product.map_or_else(
            || format!("the service of {}", self.controller),
            |title| format!("“{title}”"),
        );
        let what = self.product.map_or_else(|| "our service".to_owned(), |it| format!("“{it}”"));
        let rest = format!(
            "Until {export} you can take your data with you: sign in at {at} and \
             download it.\n\nAfter that, and by {deleted} at the latest, we delete what we hold \
             about you{}, except what a law makes us keep. You need do nothing for that.",
            if self.product.is_some() {
                " for it (log information goes by its own dates, which your privacy centre shows)"
            } else {
                ""
            }
        );
        match self.notice {
            Notice::Announced => (
                format!("We end {named} on {ends}"),
                format!(
                    "On {ends} we end {what}. Until then everything works as before. From then on \
                     we collect nothing more.\n\n{rest}"
                ),
            ),
            Notice::Reminder => (
                format!("A reminder: {named} ends on {ends}"),
                format!("On {ends} we end {what}. From then on we collect nothing more.\n\n{rest}"),
            ),
            Notice::Ended => (
                format!("We have ended {named}"),
                format!("Since {ends} we collect nothing more for {what}.\n\n{rest}"),
            ),
            Notice::LastCall => (
                format!("Take your data with you before {export}"),
                format!("We ended {what} on {ends}, and soon delete what we hold.\n\n{rest}"),
            ),
            Notice::Cancelled => (
                format!("We do not end {named}"),
                format!(
                    "We had told you that we would end {what}. We do not: everything goes on as \
                     before, and nothing was deleted."
                ),
            ),
        }
    }

    fn chinese(&self) -> (String, String) {
        let Self { ends, export, deleted, at, .. } = self;
        let what = self
            .product
            .map_or_else(|| format!("{}的服务", self.controller), |title| format!("“{title}”"));
        let about = if self.product.is_some() {
            "为其保存的您的信息（日志信息按其自身的期限删除，可在隐私中心查看）"
        } else {
            "所保存的您的信息"
        };
        let rest = format!(
            "您可在 {export}之前带走自己的数据：请登录 {at} 下载。\n\n此后，最迟至 \
             {deleted}，我们将删除{about}，法律要求保留的除外。您无需为此做任何事。"
        );
        match self.notice {
            Notice::Announced => (
                format!("我们将于 {ends}终止{what}"),
                format!(
                    "我们将于 {ends}终止{what}。在此之前一切照旧；自该日起，我们不再收集任何信息。\n\n{rest}"
                ),
            ),
            Notice::Reminder => (
                format!("提醒：{what}将于 {ends}终止"),
                format!("我们将于 {ends}终止{what}。自该日起，我们不再收集任何信息。\n\n{rest}"),
            ),
            Notice::Ended => (
                format!("我们已终止{what}"),
                format!("自 {ends}起，我们不再为{what}收集任何信息。\n\n{rest}"),
            ),
            Notice::LastCall => (
                format!("请在 {export}之前带走您的数据"),
                format!("我们已于 {ends}终止{what}，不久将删除所保存的信息。\n\n{rest}"),
            ),
            Notice::Cancelled => (
                format!("我们不终止{what}"),
                format!("我们曾告知您将终止{what}。现在不再终止：一切照旧，没有删除任何内容。"),
            ),
        }
    }
}
