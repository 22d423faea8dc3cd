//! What the mails of a request say, in the languages that they are written in. Each has the number of
//! the request, and the link by which it is followed.

use crate::messages::Words;

/// A mail of a request.
pub(super) enum Note<'a> {
    /// It came in; until when it is answered.
    Received { right: &'a str, due: &'a str },
    /// The code by which we know who asks.
    Code { code: &'a str },
    /// It takes longer, why, and until when.
    Extended { due: &'a str, why: &'a str },
    /// It is refused, why, where to complain, and who supervises us.
    Refused { why: &'a str, contact: &'a str, authority: &'a str },
    /// It is answered.
    Answered { text: &'a str },
    /// To the desk: time runs out. It holds nothing of the person.
    Reminder { right: &'a str, due: &'a str },
    /// Everything was erased; where the certificate will stand.
    Erased { certificate: &'a str },
}

/// What every mail of a request has.
pub(super) struct Frame<'a> {
    /// The number of the request.
    pub(super) number: &'a str,
    /// Where it is followed.
    pub(super) link: &'a str,
    /// Who writes.
    pub(super) who: &'a str,
}

/// In a language; in English where it is not written in that one.
pub(super) fn words(note: &Note<'_>, language: &str, frame: &Frame<'_>) -> Words {
    let chinese = language == "zh";
    let (heading, body) = if chinese { note.chinese() } else { note.english() };
    let Frame { number, link, who } = frame;
    let (called, follow) = if chinese {
        ("请求编号：", "查看处理进度：")
    } else {
        ("Number of the request: ", "How it stands: ")
    };
    let text = format!("{body}\n\n{called}{number}\n{follow}{link}\n\n-- \n{who}\n");
    Words { heading, text }
}

impl Note<'_> {
    fn english(&self) -> (String, String) {
        match self {
            Self::Received { right, due } => (
                "We have your request".to_owned(),
                format!(
                    "You asked us {}. You have our answer by {due}. If it takes us longer, we write \
                     to you before then and say why.",
                    asked(right)
                ),
            ),
            Self::Code { code } => (
                "Is this request yours?".to_owned(),
                format!(
                    "Somebody, perhaps you, asked us for something about your data. Before we do \
                     anything we have to know that it is you.\n\nYour code is {code}\n\nEnter it on \
                     the page below, or tell it to the colleague who writes with you. It works once, \
                     for seven days. If it was not you, you need do nothing: without the code nothing \
                     happens."
                ),
            ),
            Self::Extended { due, why } => (
                "Our answer takes longer".to_owned(),
                format!(
                    "Your request takes us longer than usual. You have our answer by {due}.\n\nWhy:\n\
                     {why}"
                ),
            ),
            Self::Refused { why, contact, authority } => (
                "We cannot do what you asked".to_owned(),
                format!(
                    "We looked at your request and do not do what you asked.\n\nWhy:\n{why}\n\nIf you \
                     do not agree, complain to us: answer this mail, or write to {contact}. You may \
                     also turn to {authority}, and go to court."
                ),
            ),
            Self::Answered { text } => {
                ("The answer to your request".to_owned(), (*text).to_owned())
            }
            Self::Reminder { right, due } => (
                "A request has to be answered soon".to_owned(),
                format!(
                    "A person asked us {}, and must have our answer by {due}. Nobody has answered yet. \
                     Whoever takes it finds it in the console, under the number below.",
                    asked(right)
                ),
            ),
            Self::Erased { certificate } => (
                "Your data has been erased".to_owned(),
                format!(
                    "The key to your data was destroyed. Nothing about you can be read here any more, \
                     by anybody. Whoever else had something from us has been told to delete it; the \
                     page below shows whether all of them have. This is the last mail that we send \
                     you.\n\nThe certificate, which you can keep, and which anybody can check without \
                     us:\n\n{certificate}"
                ),
            ),
        }
    }

    fn chinese(&self) -> (String, String) {
        match self {
            Self::Received { right, due } => (
                "我们已收到您的请求".to_owned(),
                format!(
                    "您请求{}。我们将在 {due} 之前答复您。如需更长时间，我们会在此之前来信说明原因。",
                    asked_in_chinese(right)
                ),
            ),
            Self::Code { code } => (
                "这是您本人的请求吗？".to_owned(),
                format!(
                    "有人（也许是您本人）就您的信息向我们提出请求。在处理之前，我们需要确认是您本人。\n\n您的验证码是 {code}\n\n请在下方页面输入，或告知与您联系的同事。验证码七天内有效，仅可使用一次。如果不是您本人，无需处理：没有验证码，什么都不会发生。"
                ),
            ),
            Self::Extended { due, why } => (
                "我们需要更多时间".to_owned(),
                format!(
                    "您的请求需要比平常更长的时间。我们将在 {due} 之前答复您。\n\n原因：\n{why}"
                ),
            ),
            Self::Refused { why, contact, authority } => (
                "我们无法满足您的请求".to_owned(),
                format!(
                    "我们审查了您的请求，决定不予办理。\n\n原因：\n{why}\n\n如果您不同意，可以向我们投诉：回复本邮件，或写信至 {contact}。您也可以向{authority}投诉，或向法院起诉。"
                ),
            ),
            Self::Answered { text } => ("对您请求的答复".to_owned(), (*text).to_owned()),
            Self::Reminder { right, due } => (
                "有请求即将到期".to_owned(),
                format!(
                    "有人请求{}，须在 {due} 之前答复，目前尚无人答复。请在控制台按下方编号处理。",
                    asked_in_chinese(right)
                ),
            ),
            Self::Erased { certificate } => (
                "您的信息已删除".to_owned(),
                format!(
                    "加密您信息的密钥已经销毁，我们这里任何人都无法再读取您的信息。凡从我们这里获得过您信息的，均已通知其删除；下方页面显示是否全部完成。这是我们发给您的最后一封邮件。\n\n证明如下，您可以留存，任何人都可以不经我们核验：\n\n{certificate}"
                ),
            ),
        }
    }
}

fn asked(right: &str) -> &'static str {
    match right {
        "access" => "what we hold about you",
        "export" => "for a copy of your data",
        "correct" => "to put something right",
        "delete" => "to delete something",
        "withdraw" => "to take a consent back",
        "restrict" => "to restrict what is done with your data",
        "object" => "to stop something that you object to",
        "close-account" => "to erase everything about you",
        _ => "for something",
    }
}

fn asked_in_chinese(right: &str) -> &'static str {
    match right {
        "access" => "查阅我们持有的您的信息",
        "export" => "获取您的信息副本",
        "correct" => "更正信息",
        "delete" => "删除信息",
        "withdraw" => "撤回同意",
        "restrict" => "限制使用您的信息",
        "object" => "停止您反对的处理",
        "close-account" => "删除与您有关的全部内容",
        _ => "处理一个事项",
    }
}
