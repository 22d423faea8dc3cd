//! What is answered to a request, in words: what was done, what was not, and what is held; and that
//! nothing is held, where nothing is.

use decide::Right;

use super::data::Held;
use super::fulfil::{Came, Wish};
use crate::book::Book;

/// What was done, in a language.
pub(super) fn report(book: &Book, (wish, came): (&Wish<'_>, &Came), language: &str) -> String {
    let zh = language == "zh";
    let titled = |ids: &[String]| titles(book, ids, language);
    let mut lines = match (wish.right, wish.lift) {
        (Right::Delete, _) => deleted(came, &titled, zh),
        (Right::Withdraw, _) => vec![withdrawn(book, came, language)],
        (Right::Restrict, false) => vec![pick(zh, RESTRICTED)],
        (Right::Restrict, true) => vec![pick(zh, LIFTED)],
        (Right::Object, false) => vec![pick(zh, OBJECTED)],
        (Right::Object, true) => vec![pick(zh, UNOBJECTED)],
        (Right::Access | Right::Export, _) => vec![pick(zh, SEEN)],
        (Right::Correct, _) => vec![pick(zh, CORRECTED)],
        (Right::CloseAccount, _) => vec![pick(zh, CLOSING)],
    };
    if came.told > 0 {
        lines.push(pick(zh, TOLD));
    }
    lines.join("\n")
}

type Both = (&'static str, &'static str);

const RESTRICTED: Both = (
    "From now on nothing of yours is used, until you lift the restriction.",
    "自即刻起，在您解除限制之前，您的信息不再被使用。",
);
const LIFTED: Both = ("The restriction is lifted.", "限制已解除。");
const OBJECTED: Both = (
    "We took your objection in: nothing of yours is used for this any more.",
    "我们已接受您的反对：您的信息不再用于此目的。",
);
const UNOBJECTED: Both = ("Your objection is taken back.", "您的反对已撤回。");
const SEEN: Both = (
    "Everything that we hold, why, from where, until when and who used it stands in the privacy \
     centre, to read and to take with you.",
    "我们持有的全部信息、原因、来源、保留时间与使用记录，均在隐私中心，可供查阅与导出。",
);
const CORRECTED: Both = ("It was put right.", "已更正。");
const CLOSING: Both = (
    "Your data is not used any more, and is erased when the time to change your mind is over.",
    "您的信息已停止使用，反悔期结束后即予删除。",
);
const TOLD: Both = (
    "We are telling everybody who has this from us.",
    "我们正在通知凡从我们这里获得该信息的各方。",
);
const NOTHING_DELETED: Both = (
    "We hold nothing of what you named, so there was nothing to delete.",
    "您所列信息我们均未持有，因此无需删除。",
);
const NOTHING_GIVEN: Both = ("There was no consent of yours to take back.", "您没有可撤回的同意。");
/// There is nothing.
const NOTHING: Both = (
    "We looked, and we hold nothing about you beyond this request itself.",
    "经查找，除本请求本身外，我们未持有与您有关的任何信息。",
);
const HELD: Both = ("This is what we hold about you:", "我们持有的您的信息如下：");
const LISTED: Both = ("We hold of you, and sent it to you: ", "我们持有并已发送给您的信息：");
const WHERE: Both = (
    "The values stand in the mail alone, and in the privacy centre.",
    "具体内容仅见于该邮件与隐私中心。",
);
const LOGGED: Both = ("Log information, events:", "日志信息（事件数）：");

fn pick(zh: bool, (english, chinese): Both) -> String {
    if zh { chinese } else { english }.to_owned()
}

fn titles(book: &Book, ids: &[String], language: &str) -> String {
    let titled = ids.iter().map(|id| {
        let declared = book.policy().categories.get(id);
        declared.map_or(id.as_str(), |it| it.title.in_language(language))
    });
    titled.collect::<Vec<_>>().join(if language == "zh" { "、" } else { ", " })
}

fn deleted(came: &Came, titled: &dyn Fn(&[String]) -> String, zh: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |ids: &[String], (english, chinese): Both| {
        if !ids.is_empty() {
            let begin = if zh { chinese } else { english };
            lines.push(format!("{begin}{}", titled(ids)));
        }
    };
    line(&came.deleted, ("Deleted: ", "已删除："));
    line(&came.none, ("Not held: ", "未持有："));
    line(
        &came.left,
        ("Not deleted yet, a colleague looks at it: ", "尚未删除，将由工作人员处理："),
    );
    if came.deleted.is_empty() && came.left.is_empty() {
        return vec![pick(zh, NOTHING_DELETED)];
    }
    lines
}

fn withdrawn(book: &Book, came: &Came, language: &str) -> String {
    let zh = language == "zh";
    let policy = book.policy();
    let purposes = came.purposes.iter().map(|id| (id, policy.purposes.get(id).map(|it| &it.title)));
    let shares = came.shares.iter().map(|id| (id, policy.shares.get(id).map(|it| &it.title)));
    let transfers =
        came.transfers.iter().map(|id| (id, policy.transfers.get(id).map(|it| &it.title)));
    let titled = purposes.chain(shares).chain(transfers);
    let titled: Vec<&str> = titled
        .map(|(id, title)| title.map_or(id.as_str(), |it| it.in_language(language)))
        .collect();
    if titled.is_empty() {
        return pick(zh, NOTHING_GIVEN);
    }
    let titled = titled.join(if zh { "、" } else { ", " });
    if zh {
        format!("已撤回同意：{titled}")
    } else {
        format!("Your consent is taken back: {titled}")
    }
}

/// What stays of such a letter: of what it spoke, and where the values are to be seen; none of them.
pub(super) fn listed(data: &[Held], events: usize, language: &str) -> String {
    let zh = language == "zh";
    if data.is_empty() && events == 0 {
        return pick(zh, NOTHING);
    }
    let mut titles: Vec<&str> = data.iter().map(|it| it.title.as_str()).collect();
    titles.dedup();
    let titles = titles.join(if zh { "、" } else { ", " });
    let mut lines = vec![format!("{}{titles}", pick(zh, LISTED))];
    if events > 0 {
        lines.push(format!("{} {events}", pick(zh, LOGGED)));
    }
    lines.push(pick(zh, WHERE));
    lines.join("\n")
}

/// What is held, as a letter says it; and that it is nothing, where it is.
pub(super) fn held(data: &[Held], events: usize, language: &str) -> String {
    let zh = language == "zh";
    if data.is_empty() && events == 0 {
        return pick(zh, NOTHING);
    }
    let mut lines = vec![pick(zh, HELD)];
    for it in data {
        let value = it.value.as_deref().unwrap_or("••••");
        let due = it.due.as_deref().map_or(String::new(), |due| {
            if zh { format!("，保留至 {due}") } else { format!(", until {due}") }
        });
        let (from, colon) = if zh { ("来自", "：") } else { ("from", ": ") };
        lines.push(format!("- {}{colon}{value} ({from} {}{due})", it.title, it.source_title));
    }
    if events > 0 {
        lines.push(format!("{} {events}", pick(zh, LOGGED)));
    }
    lines.join("\n")
}
