//! What every page says of an end, while it is ahead and after it came.

use decide::Timestamp;

use super::announced::{Dates, Ending};
use crate::book::Book;

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OnSite {
    /// The number of the ending, by which a page knows what it has shown.
    pub id: String,
    /// The heading.
    pub title: String,
    /// A sentence or two.
    pub text: String,
    /// What the link to the export says; nothing once everything is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export: Option<&'static str>,
}

/// The endings that pages speak of, oldest first. A product that is gone is not spoken of any more.
pub fn on_site(book: &Book, language: &str) -> Vec<OnSite> {
    let spoken = book.endings().iter().filter(|it| it.product.is_none() || !it.closed);
    spoken.map(|it| said(book, it, language)).collect()
}

/// Whether the whole service has ended: nothing is collected, and there is nothing to agree to.
pub(crate) fn is_over(book: &Book) -> bool {
    book.endings().iter().any(|it| it.ended && it.product.is_none())
}

fn said(book: &Book, ending: &Ending, language: &str) -> OnSite {
    let language = book.language(language);
    let chinese = language == "zh";
    let zone = book.home().map_or(jiff::tz::TimeZone::UTC, |it| book.zone(it));
    let day = |millis: i64| {
        let day = crate::time::day(Timestamp::from_millis(millis), &zone);
        day.map_or_else(String::new, |it| policy::phrase::date(it, language))
    };
    let Dates { ends, export_until, deleted_by, .. } = ending.dates;
    let (ends, export, deleted) = (day(ends), day(export_until), day(deleted_by));
    let product = ending.title(book.policy(), language);
    let what = match (product, chinese) {
        (None, false) => "our service".to_owned(),
        (None, true) => "服务".to_owned(),
        (Some(title), _) => format!("“{title}”"),
    };
    let title = match (ending.ended, chinese) {
        (false, false) => format!("We end {what} on {ends}"),
        (true, false) => format!("We ended {what} on {ends}"),
        (false, true) => format!("我们将于 {ends}终止{what}"),
        (true, true) => format!("我们已于 {ends}终止{what}"),
    };
    let text = match (ending.closed, ending.ended, chinese) {
        (true, _, false) => {
            "Everything that we held was deleted, except what a law makes us keep.".to_owned()
        }
        (true, _, true) => "我们保存的全部信息均已删除，法律要求保留的除外。".to_owned(),
        (false, ended, false) => format!(
            "{} You can take your data with you until {export}. By {deleted} we delete what we \
             hold, except what a law makes us keep.",
            if ended {
                "We collect nothing more."
            } else {
                "From then on we collect nothing more."
            }
        ),
        (false, ended, true) => format!(
            "{}您可在 {export}之前带走自己的数据。最迟至 {deleted}，我们将删除所保存的信息，法律要求保留的除外。",
            if ended {
                "我们不再收集任何信息。"
            } else {
                "自该日起，我们不再收集任何信息。"
            }
        ),
    };
    let label = if chinese { "带走我的数据" } else { "Take my data with me" };
    OnSite { id: ending.number.clone(), title, text, export: (!ending.closed).then_some(label) }
}
