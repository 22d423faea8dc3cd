//! The state of a person, and what is asked, in the words of a language.
//!
//! English has the words of the interface themselves. Ids of the policy stay as they are everywhere:
//! they are what was typed.

use decide::{Account, Act, Age, Form};

/// The state of an account.
pub(crate) fn account(state: Account, zh: bool) -> &'static str {
    if !zh {
        return state.word();
    }
    match state {
        Account::Visitor => "访客",
        Account::Unverified => "账户未验证",
        Account::AwaitingGuardian => "等待监护人同意",
        Account::Active => "账户正常",
        Account::Restricted => "已限制使用",
        Account::Closing => "账户正在注销",
        Account::Closed => "账户已注销",
    }
}

/// An age state.
pub(crate) fn age(state: Age, zh: bool) -> &'static str {
    if !zh {
        return state.word();
    }
    match state {
        Age::Unknown => "年龄未知",
        Age::Adult => "成年人",
        Age::Minor => "未成年人",
        Age::MinorAgreed => "未成年人（监护人已同意）",
        Age::Child => "儿童",
        Age::ChildAgreed => "儿童（监护人已同意）",
    }
}

/// What is done.
pub(crate) fn act(act: Act, zh: bool) -> &'static str {
    match (act, zh) {
        (Act::Collect { .. }, false) => "collect",
        (Act::Collect { .. }, true) => "收集",
        (Act::Use { .. }, false) => "use",
        (Act::Use { .. }, true) => "使用",
        (Act::Share { .. }, false) => "share",
        (Act::Share { .. }, true) => "共享",
        (Act::Transfer { .. }, false) => "transfer",
        (Act::Transfer { .. }, true) => "传输",
        (Act::Disclose { .. }, false) => "disclose",
        (Act::Disclose { .. }, true) => "披露",
        (Act::Publish { .. }, false) => "publish",
        (Act::Publish { .. }, true) => "公开",
        (Act::Exercise { .. }, false) => "exercise",
        (Act::Exercise { .. }, true) => "行使",
    }
}

/// The form of a share.
pub(crate) fn form(form: Form, zh: bool) -> &'static str {
    if !zh {
        return form.word();
    }
    match form {
        Form::Aggregate => "汇总",
        Form::Pseudonymous => "假名",
        Form::Identified => "可识别",
    }
}
