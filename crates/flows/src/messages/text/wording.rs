//! What text messages say: as little as a lock screen may show.

/// A code that proves a number.
pub(crate) fn code(code: &str, language: &str, who: &str) -> String {
    if language == "zh" {
        return format!("【{who}】验证码 {code}，10 分钟内有效，仅可使用一次，请勿告诉他人。");
    }
    format!("{who}: your code is {code}. It works once, for 10 minutes. Tell it to nobody.")
}

/// News of a child for a guardian, with where to read them.
pub(crate) fn guardian_news(
    (heading, child, link): (&str, &str, &str),
    language: &str,
    who: &str,
) -> String {
    if language == "zh" {
        return format!("【{who}】{heading}。您是账户 {child} 的监护人，请查看：{link}");
    }
    format!("{who}: {heading}. You are the guardian of {child}. Please read: {link}")
}

/// A code to the guardian of a child, who is named as somebody recognises them who knows them.
pub(crate) fn guardian_code((code, child): (&str, &str), language: &str, who: &str) -> String {
    if language == "zh" {
        return format!(
            "【{who}】监护人验证码 {code}，用于账户 {child}，10 分钟内有效，请勿告诉他人。"
        );
    }
    format!(
        "{who}: {code} is your code as the guardian of {child}. It works once, for 10 minutes. \
         Tell it to nobody."
    )
}
