//! What mails say, in the languages that they are written in.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// What a mail is about.
pub(crate) enum Letter<'a> {
    /// A one-time code.
    Code(&'a str),
    /// A one-time code that proves a new address.
    NewAddress(&'a str),
    /// Somebody wanted this address, which has an account.
    Exists,
    /// The account has another address now; where to object.
    Moved(&'a str),
    /// The account has another password now; where to object.
    Password(&'a str),
    /// The account is being closed: until when one may change one's mind, and the link to do so.
    Closing(&'a str, &'a str),
    /// The closing was taken back.
    Cancelled,
}

/// A mail in words.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Words {
    pub(crate) heading: String,
    pub(crate) text: String,
}

impl Words {
    /// A heading and a body, with who writes below it, and where to look.
    pub(crate) fn signed(
        (heading, body): (String, String),
        language: &str,
        (who, address): (&str, &str),
    ) -> Self {
        let foot = match (language, address.is_empty()) {
            (_, true) => who.to_owned(),
            ("zh", false) => format!("{who}\n隐私中心：{address}/privacy"),
            (_, false) => format!("{who}\nPrivacy: {address}/privacy"),
        };
        Self { heading, text: format!("{body}\n\n-- \n{foot}\n") }
    }
}

impl Letter<'_> {
    /// In a language; in English where it is not written in that one.
    pub(crate) fn words(&self, language: &str, (who, address): (&str, &str)) -> Words {
        let said = if language == "zh" { self.chinese() } else { self.english() };
        Words::signed(said, language, (who, address))
    }

    fn english(&self) -> (String, String) {
        match self {
            Self::Code(code) => (
                "Your code".to_owned(),
                format!(
                    "Your code is {code}\n\nIt works once, for 10 minutes. If you did not ask for \
                     it, you need do nothing: without it nothing happens."
                ),
            ),
            Self::Exists => (
                "You already have an account".to_owned(),
                "Somebody, perhaps you, wanted to use this address for an account. It has one \
                 already, so nothing was changed. Sign in with your password, or have a code sent \
                 to this address. If it was not you, you need do nothing."
                    .to_owned(),
            ),
            Self::NewAddress(code) => (
                "Your code for a new address".to_owned(),
                format!(
                    "Your code is {code}\n\nSomebody, perhaps you, wants to use this address for \
                     their account. The code works once, for 10 minutes. If it was not you, you \
                     need do nothing, and pass the code on to nobody: without it nothing happens."
                ),
            ),
            Self::Moved(contact) => (
                "Your address was changed".to_owned(),
                format!(
                    "Your account has another email address now, and wherever it was signed in it \
                     was signed out. If it was you, you need do nothing.\n\nIf it was not you, \
                     object at once: answer this mail, or write to {contact} from this address. \
                     We look who changed it, and can undo it."
                ),
            ),
            Self::Password(contact) => (
                "Your password was changed".to_owned(),
                format!(
                    "Your account has another password now, and wherever it was signed in it was \
                     signed out. If it was you, you need do nothing.\n\nIf it was not you, have a \
                     code sent to this address, sign in with it, and change the password. If you \
                     cannot come in, answer this mail, or write to {contact}."
                ),
            ),
            Self::Closing(until, link) => (
                "Your account is being closed".to_owned(),
                format!(
                    "From now on nothing of your data is used. On {until} everything is erased: \
                     your data, the log information and the records about you.\n\nIf you change \
                     your mind before then, open this page and confirm:\n{link}"
                ),
            ),
            Self::Cancelled => (
                "Your account stays".to_owned(),
                "The closing of your account was taken back. Nothing was erased.".to_owned(),
            ),
        }
    }

    fn chinese(&self) -> (String, String) {
        match self {
            Self::Code(code) => (
                "您的验证码".to_owned(),
                format!("您的验证码是 {code}\n\n验证码 10 分钟内有效，仅可使用一次。如果不是您本人操作，请忽略本邮件。"),
            ),
            Self::Exists => (
                "您已有账户".to_owned(),
                "有人（也许是您本人）希望将此邮箱用于账户。该邮箱已有账户，因此未作任何更改。您可以用密码登录，或让我们向此邮箱发送验证码。如果不是您本人操作，请忽略本邮件。".to_owned(),
            ),
            Self::NewAddress(code) => (
                "新邮箱的验证码".to_owned(),
                format!("您的验证码是 {code}\n\n有人（也许是您本人）希望将此邮箱用于其账户。验证码 10 分钟内有效，仅可使用一次。如果不是您本人操作，请忽略本邮件，也不要将验证码告诉他人。"),
            ),
            Self::Moved(contact) => (
                "您的邮箱已更改".to_owned(),
                format!("您账户的电子邮箱已更改，所有登录均已退出。如果是您本人操作，无需处理。\n\n如果不是您本人操作，请立即提出异议：回复本邮件，或用此邮箱写信至 {contact}。我们会核查更改人，并可撤销更改。"),
            ),
            Self::Password(contact) => (
                "您的密码已更改".to_owned(),
                format!("您账户的密码已更改，所有登录均已退出。如果是您本人操作，无需处理。\n\n如果不是您本人操作，请让我们向此邮箱发送验证码，用验证码登录并更改密码。如果无法登录，请回复本邮件，或写信至 {contact}。"),
            ),
            Self::Closing(until, link) => (
                "您的账户正在注销".to_owned(),
                format!("从现在起，我们不再使用您的任何信息。{until} 起将删除全部内容：您的信息、日志信息以及有关您的记录。\n\n如果您在此之前改变主意，请打开以下页面确认：\n{link}"),
            ),
            Self::Cancelled => (
                "您的账户已保留".to_owned(),
                "账户注销已撤回，没有删除任何内容。".to_owned(),
            ),
        }
    }
}
