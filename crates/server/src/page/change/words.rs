//! The words of the pages about a new version, English and Chinese side by side.

/// The words in one language.
#[derive(Debug)]
pub(crate) struct ChangeWords {
    pub(crate) more: &'static str,
    pub(crate) what: &'static str,
    pub(crate) only_words: &'static str,
    pub(crate) marked: &'static str,
    pub(crate) for_you: &'static str,
    pub(crate) not_for_you: &'static str,
    pub(crate) told: &'static str,
    pub(crate) counts_from: &'static str,
    pub(crate) asked: &'static str,
    pub(crate) asked_or_stops: &'static str,
    pub(crate) ask_title: &'static str,
    pub(crate) ask_lead: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) answered: &'static str,
    pub(crate) adopted: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) send: &'static str,
    pub(crate) agree: &'static str,
    pub(crate) agree_lead: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) accepted: &'static str,
    pub(crate) accepted_lead: &'static str,
    pub(crate) none_accepted: &'static str,
    pub(crate) version: &'static str,
    pub(crate) screen: &'static str,
    pub(crate) language: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) agreed: &'static str,
    pub(crate) seen: &'static str,
    pub(crate) older: &'static str,
}

static EN: ChangeWords = ChangeWords {
    more: "What changes",
    what: "What changes",
    only_words: "Only words change; what we may do stays as it is.",
    marked: "Read it with every changed word marked",
    for_you: "What it means for you",
    not_for_you: "Nothing that widens concerns what you gave us.",
    told: "Until then the old rules apply to you. You need do nothing.",
    counts_from: "It applies to you from",
    asked: "We need your agreement anew. Until you answer, nothing is added to what you agreed to.",
    asked_or_stops: "We need your agreement anew. If you do not answer, this stops on that day.",
    ask_title: "Your answer",
    ask_lead: "Yes and no are both fine. A no ends the purpose at once; everything else goes on.",
    kept: "You have not answered, so the old rules stay for you. You can still answer.",
    stopped: "You did not answer, so this has stopped. You can agree to it anew among your choices.",
    answered: "You have answered. Thank you.",
    adopted: "It applies to you.",
    yes: "Yes, I agree",
    no: "No",
    send: "Save my answer",
    agree: "I agree to this version",
    agree_lead: "Going on does not count as agreeing. If you agree to this version, please say so.",
    sign_in: "Sign in to see what it means for you",
    accepted: "What you agreed to",
    accepted_lead: "Which version of the policy you agreed to or were shown, when, on which screen and in which language.",
    none_accepted: "There is nothing yet.",
    version: "Version",
    screen: "Screen",
    language: "Language",
    hash: "Fingerprint of the text",
    agreed: "you agreed",
    seen: "you saw the notice",
    older: "Older",
};

static ZH: ChangeWords = ChangeWords {
    more: "查看变化",
    what: "有哪些变化",
    only_words: "仅文字有改动，我们可以做的事没有变化。",
    marked: "查看标明每一处改动的文本",
    for_you: "对您意味着什么",
    not_for_you: "放宽之处不涉及您提供给我们的信息。",
    told: "在此之前，对您适用的仍是旧规则。您无需做任何事。",
    counts_from: "对您适用的时间：",
    asked: "我们需要重新征求您的同意。在您答复之前，不会在您原先同意的范围之外增加任何内容。",
    asked_or_stops: "我们需要重新征求您的同意。如果您不答复，该用途将在该日停止。",
    ask_title: "您的答复",
    ask_lead: "同意与不同意均可。不同意将立即停止该用途，其他一切照旧。",
    kept: "您尚未答复，因此旧规则对您继续有效。您仍可答复。",
    stopped: "您没有答复，因此该用途已停止。您可以在“您的选择”中重新同意。",
    answered: "您已答复，谢谢。",
    adopted: "已对您适用。",
    yes: "同意",
    no: "不同意",
    send: "提交答复",
    agree: "我同意此版本",
    agree_lead: "继续使用不视为同意。如果您同意此版本，请在此确认。",
    sign_in: "登录以查看对您意味着什么",
    accepted: "您同意过的内容",
    accepted_lead: "您在何时、在哪个页面、以哪种语言同意或看到过哪个版本的政策。",
    none_accepted: "暂无记录。",
    version: "版本",
    screen: "页面",
    language: "语言",
    hash: "文本指纹",
    agreed: "您已同意",
    seen: "您已看到通知",
    older: "更早",
};

impl ChangeWords {
    /// In a language; English where they are not written in that one.
    pub(crate) fn of(language: &str) -> &'static Self {
        if language.starts_with("zh") { &ZH } else { &EN }
    }

    /// How somebody stands with a version, in a sentence.
    pub(crate) fn state(&self, state: Option<&str>, unanswered: &str) -> &'static str {
        match state {
            Some("told") => self.told,
            Some("asked") if unanswered == "stop" => self.asked_or_stops,
            Some("asked") => self.asked,
            Some("answered") => self.answered,
            Some("adopted") => self.adopted,
            Some("kept") => self.kept,
            Some("stopped") => self.stopped,
            Some(_) | None => self.not_for_you,
        }
    }
}
