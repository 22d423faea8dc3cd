//! What the mails of a conversation say, in the languages that they are written in.

use super::case::Kind;
use super::letter::Words;
use super::thread::subject;

/// A mail of a conversation. The number of the case stands in every one.
pub(super) enum Note<'a> {
    /// It arrived, and until when it is answered.
    Arrived { kind: Kind, number: &'a str, due: &'a str },
    /// An answer.
    Answer { kind: Kind, number: &'a str, text: &'a str },
    /// What came of a complaint, why, and who supervises us.
    Decided { number: &'a str, outcome: Outcome, text: &'a str, authority: &'a str },
    /// To a manager: time runs out. It holds nothing of the person.
    Escalated { kind: Kind, number: &'a str, due: &'a str, link: &'a str },
}

/// What comes of a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The person is right.
    Upheld,
    /// The person is right in part.
    Partly,
    /// The person is not right, and is told why.
    Rejected,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Upheld, Self::Partly, Self::Rejected];

    /// Its word in answers and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Partly => "partly",
            Self::Rejected => "rejected",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// In a language; in English where it is not written in that one.
pub(super) fn words(note: &Note<'_>, language: &str, (who, address): (&str, &str)) -> Words {
    let chinese = language == "zh";
    let (heading, body) = if chinese { note.chinese() } else { note.english() };
    let centre = if chinese { "隐私中心：" } else { "Privacy: " };
    let text = format!("{body}\n\n-- \n{who}\n{centre}{address}/privacy\n");
    Words { heading: subject(note.number(), &heading), text }
}

/// The authority that supervises us, by the law of a region.
pub(crate) fn authority(law: &str, language: &str) -> &'static str {
    match (law, language) {
        ("pipl", "zh") => "履行个人信息保护职责的部门（国家网信办及各地网信部门）",
        ("pipl", _) => {
            "the department that protects personal information (the Cyberspace Administration of \
             China and its offices)"
        }
        ("gdpr", "zh") => "您居住地、工作地或侵权发生地的数据保护监管机构",
        ("gdpr", _) => {
            "the data protection authority of the country where you live, where you work, or where \
             it happened"
        }
        (_, "zh") => "监管我们的主管部门",
        (_, _) => "the authority that supervises us",
    }
}

impl Note<'_> {
    const fn number(&self) -> &str {
        match self {
            Self::Arrived { number, .. }
            | Self::Answer { number, .. }
            | Self::Decided { number, .. }
            | Self::Escalated { number, .. } => number,
        }
    }

    fn english(&self) -> (String, String) {
        match self {
            Self::Arrived { kind, number, due } => {
                let what = english(*kind);
                (
                    format!("Your {what} has arrived"),
                    format!(
                        "Your {what} has reached us, and a person reads it. Its number is {number}. \
                         You have our answer by {due} at the latest.\n\nTo add something, answer \
                         this mail. If you did not write to us, somebody typed your address: you \
                         need do nothing."
                    ),
                )
            }
            Self::Answer { kind, number, text } => (
                format!("About your {}", english(*kind)),
                format!("{text}\n\nTo go on, answer this mail. The number is {number}."),
            ),
            Self::Decided { number, outcome, text, authority } => {
                let said = match outcome {
                    Outcome::Upheld => "You are right, and we act on it.",
                    Outcome::Partly => "You are right in part, and we act on that part.",
                    Outcome::Rejected => "We looked into it and do not think that you are right.",
                };
                (
                    "What came of your complaint".to_owned(),
                    format!(
                        "{said}\n\n{text}\n\nIf you are not satisfied, answer this mail: your \
                         complaint {number} is opened again. You may also turn to {authority}."
                    ),
                )
            }
            Self::Escalated { kind, number, due, link } => {
                let what = english(*kind);
                (
                    format!("A {what} waits for an answer"),
                    format!(
                        "The {what} {number} has not been answered. It has to be answered by \
                         {due}.\n\n{link}"
                    ),
                )
            }
        }
    }

    fn chinese(&self) -> (String, String) {
        match self {
            Self::Arrived { kind, number, due } => {
                let what = chinese(*kind);
                (
                    format!("已收到您的{what}"),
                    format!(
                        "我们已收到您的{what}，由专人阅读。编号为 {number}。最迟于 {due} 答复您。\n\n\
                         如需补充，请直接回复本邮件。如果不是您本人所写，说明有人填写了您的邮箱，\
                         您无需处理。"
                    ),
                )
            }
            Self::Answer { kind, number, text } => (
                format!("关于您的{}", chinese(*kind)),
                format!("{text}\n\n如需继续，请直接回复本邮件。编号：{number}。"),
            ),
            Self::Decided { number, outcome, text, authority } => {
                let said = match outcome {
                    Outcome::Upheld => "您的投诉成立，我们将据此处理。",
                    Outcome::Partly => "您的投诉部分成立，我们将就该部分处理。",
                    Outcome::Rejected => "经核查，我们认为您的投诉不成立。",
                };
                (
                    "投诉处理结果".to_owned(),
                    format!(
                        "{said}\n\n{text}\n\n如果您不满意，请直接回复本邮件，投诉 {number} 将重新处理。\
                         您也可以向{authority}投诉。"
                    ),
                )
            }
            Self::Escalated { kind, number, due, link } => {
                let what = chinese(*kind);
                (
                    format!("有一件{what}等待答复"),
                    format!("{what} {number} 尚未答复，须在 {due} 之前答复。\n\n{link}"),
                )
            }
        }
    }
}

const fn english(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "message",
        Kind::Complaint => "complaint",
    }
}

const fn chinese(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "留言",
        Kind::Complaint => "投诉",
    }
}
