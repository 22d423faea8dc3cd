//! What the flows say to programs, as a page says it to people: a whole sentence, in their language.

use super::words::Words;

/// The beginning of a sentence of the flows, and what a Chinese page says in its place.
static IN_CHINESE: [(&str, &str); 15] = [
    ("write an email address", "请填写电子邮箱，例如 name@example.com"),
    ("write a phone number", "请填写电话号码，例如 +86 138 0013 8000"),
    ("write a day", "请按 2001-12-31 的格式填写日期"),
    ("write the day on which you were born", "请填写您的出生日期"),
    ("write something", "请填写内容，或留空不填"),
    ("leave out control characters", "请去掉无法显示的字符"),
    ("use at least", "内容太短"),
    ("use at most", "内容太长"),
    ("there is no account without it; close", "没有此项就无法保留账户；如需删除，请注销账户"),
    ("there is no account without it", "没有此项就无法开设账户"),
    ("this does not come from you", "此项并非由您提供：请删除它，或来信要求我们更正"),
    ("log information cannot be put right", "日志信息无法更正，只能删除"),
    ("this request is not open any more", "此请求已经结束"),
    ("this is not the draft", "等待批准的已是另一份草稿，请重新阅读后再批准"),
    ("the account is", "账户目前的状态不允许此操作"),
];

/// Without the marks of a program, to stand after the name of a field.
pub(crate) fn plain(w: &Words, say: &str) -> String {
    if w.code == "en" {
        return say.replace('`', "");
    }
    let known = IN_CHINESE
        .iter()
        .chain(&super::young::IN_CHINESE)
        .find(|(begin, _)| say.starts_with(begin));
    known.map_or(w.please_check, |(_, zh)| zh).to_owned()
}

/// A sentence that stands alone.
pub(crate) fn sentence(w: &Words, say: &str) -> String {
    let plain = plain(w, say);
    let mut letters = plain.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}{}", letters.as_str(), w.full_stop)
}

#[cfg(test)]
mod tests;
