//! The phrases of English and Chinese.

use decide::spec::Basis;
use jiff::civil::Date;

use crate::clause::retention::{Anonymise, Coarse, Operation};
use crate::duration::{Anchor, Duration, Unit};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn date(day: Date, zh: bool) -> String {
    if zh {
        return format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day());
    }
    let position = usize::try_from(day.month()).unwrap_or(1).saturating_sub(1);
    let month = MONTHS.get(position).copied().unwrap_or("");
    format!("{} {month} {}", day.day(), day.year())
}

pub(super) fn duration(period: Duration, zh: bool) -> String {
    if !zh {
        return period.to_string();
    }
    let unit = match period.unit {
        Unit::Hour => "小时",
        Unit::Day => "天",
        Unit::Week => "周",
        Unit::Month => "个月",
        Unit::Year => "年",
        Unit::WorkingDay => "个工作日",
    };
    format!("{} {unit}", period.count)
}

pub(super) fn keep((after, period): (Anchor, Duration), zh: bool) -> String {
    let period = duration(period, zh);
    match (after, zh) {
        (Anchor::Collected, false) => format!("for {period} after it was collected"),
        (Anchor::LastActive, false) => format!("for {period} after you were last active"),
        (Anchor::AccountClosed, false) => format!("for {period} after you close your account"),
        (Anchor::ConsentWithdrawn, false) => {
            format!("for {period} after you withdraw your consent")
        }
        (Anchor::Collected, true) => format!("至收集后 {period}"),
        (Anchor::LastActive, true) => format!("至您最后一次使用后 {period}"),
        (Anchor::AccountClosed, true) => format!("至您注销账户后 {period}"),
        (Anchor::ConsentWithdrawn, true) => format!("至您撤回同意后 {period}"),
    }
}

/// What becomes of a value when its time is over, as the rest of a sentence.
pub(super) fn then(how: Option<Anonymise>, zh: bool) -> String {
    let Some(Anonymise { by, to, min_group }) = how else {
        return if zh { "之后删除" } else { "then it is deleted" }.to_owned();
    };
    let coarse = match (to, zh) {
        (Some(Coarse::Decade), false) => "its decade",
        (Some(Coarse::Year), false) => "its year",
        (Some(Coarse::Country), false) => "its country",
        (Some(Coarse::Value), false) => "which one it was",
        (None, false) => "that there was one",
        (Some(Coarse::Decade), true) => "所属年代",
        (Some(Coarse::Year), true) => "所属年份",
        (Some(Coarse::Country), true) => "所属国家",
        (Some(Coarse::Value), true) => "其取值",
        (None, true) => "曾有一条",
    };
    match (by, zh) {
        (Operation::Drop, false) => "then nothing of it is left".to_owned(),
        (Operation::Drop, true) => "之后不留任何内容".to_owned(),
        (Operation::Aggregate | Operation::Generalise, false) => format!(
            "then it is deleted, and only {coarse} is counted, in groups of at least {min_group} people"
        ),
        (Operation::Aggregate | Operation::Generalise, true) => {
            format!("之后删除，仅统计{coarse}，每组至少 {min_group} 人")
        }
    }
}

pub(super) fn basis(basis: Basis, zh: bool) -> &'static str {
    match (basis, zh) {
        (Basis::Consent, false) => "you agreed to it",
        (Basis::Contract, false) => "we need it for our contract with you",
        (Basis::LegalDuty, false) => "the law demands it",
        (Basis::VitalInterest, false) => "a life may depend on it",
        (Basis::PublicTask, false) => "it serves a public task",
        (Basis::LegitimateInterest, false) => "we have a legitimate interest in it",
        (Basis::Consent, true) => "您已同意",
        (Basis::Contract, true) => "履行我们与您之间的合同需要",
        (Basis::LegalDuty, true) => "法律要求",
        (Basis::VitalInterest, true) => "可能关系到生命安全",
        (Basis::PublicTask, true) => "履行公共职责需要",
        (Basis::LegitimateInterest, true) => "我们对此具有正当利益",
    }
}

pub(super) fn distance(metres: u32, zh: bool) -> String {
    let whole = metres.checked_rem(1_000) == Some(0);
    match (whole.then(|| metres.checked_div(1_000)).flatten(), zh) {
        (Some(km), false) => format!("{km} km"),
        (Some(km), true) => format!("{km} 公里"),
        (None, false) => format!("{metres} m"),
        (None, true) => format!("{metres} 米"),
    }
}

pub(super) fn list(titles: impl Iterator<Item = String>, zh: bool) -> String {
    let titles: Vec<String> = titles.collect();
    match titles.split_last() {
        None if zh => "无".to_owned(),
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) if zh => format!("{}和{last}", rest.join("、")),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A title inside of a sentence: `Email address` is `email address`; `IP address` and
/// `European Union` stay.
pub(super) fn lowered(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next();
    let rest = letters.as_str();
    match first.filter(|_| !rest.chars().any(char::is_uppercase)) {
        Some(first) => first.to_lowercase().chain(rest.chars()).collect(),
        None => title.to_owned(),
    }
}
