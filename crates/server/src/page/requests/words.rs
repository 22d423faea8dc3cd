//! The words of the pages of requests and certificates, English and Chinese side by side.

macro_rules! words {
    ($($name:ident: $en:literal, $zh:literal;)+) => {
        /// The words in one language.
        #[derive(Debug)]
        pub(crate) struct Say { $(pub(crate) $name: &'static str),+ }

        static EN: Say = Say { $($name: $en),+ };
        static ZH: Say = Say { $($name: $zh),+ };
    };
}

words! {
    title: "Your requests", "您的请求";
    lead: "What you asked us to do with your data, where it stands, and until when you have our answer.",
        "您就您的信息向我们提出的请求、处理情况与答复期限。";
    none: "You have not asked for anything yet.", "您尚未提出任何请求。";
    new: "Ask for something", "提出请求";
    new_lead: "Most of it you can do yourself in the privacy centre. What you ask for here is done at once where it can be; for the rest you get a number and a day.",
        "大多数事项您可以在隐私中心自行办理。在此提出的请求能立即办理的立即办理，其余会给您编号和答复期限。";
    what: "What do you want?", "您希望我们做什么？";
    access: "Tell me what you hold about me", "告诉我你们持有我的哪些信息";
    correct: "Put something right that I cannot change myself", "更正我自己无法修改的内容";
    delete: "Delete something that I cannot delete myself", "删除我自己无法删除的内容";
    correct_any: "Put right what you hold about me", "更正你们持有的我的信息";
    delete_any: "Delete what you hold about me", "删除你们持有的我的信息";
    restrict: "Use nothing of mine for now", "暂停使用我的信息";
    lift: "Use my data again", "恢复使用我的信息";
    withdraw: "Take back everything that I consented to", "撤回我的全部同意";
    object: "Stop what I object to", "停止我反对的处理";
    purpose: "What do you object to?", "您反对的是？";
    purpose_hint: "Only for an objection.", "仅在提出反对时填写。";
    object_to_what: "Choose what you object to.", "请选择您反对的事项。";
    text: "Tell us more", "补充说明";
    text_hint: "For example what is wrong, and how it should be. A person reads it.",
        "例如哪里有误、应当如何。由专人阅读。";
    send: "Send", "提交";
    forget: "Erase everything of this browser", "删除此浏览器的全部信息";
    forget_lead: "This browser has no account. Everything that it agreed to and everything kept about it goes at once.",
        "此浏览器没有账户。它同意过的一切以及与之有关的全部信息将立即删除。";
    one: "A request", "请求";
    number: "Number", "编号";
    received: "Came in", "收到";
    due: "Answer by", "答复期限";
    takes_effect: "Takes effect", "生效时间";
    longer: "It takes longer than we first said; the first day was", "所需时间比最初告知的更长，原定期限为";
    repeats: "It repeats", "重复于";
    received_state: "It came in; somebody looks at it", "已收到，将由专人处理";
    waiting_state: "It waits for you", "等待您确认";
    closing_state: "The account is being closed; you can still change your mind", "账户正在注销，您仍可改变主意";
    working_state: "Somebody works on it", "正在处理";
    erased_state: "Everything here is erased; others have been told", "我们这里已全部删除，并已通知其他各方";
    closed_state: "Everything is erased", "全部信息已删除";
    done_state: "It is done", "已完成";
    refused_state: "It was refused", "未予办理";
    cancelled_state: "It was taken back", "已撤回";
    code_title: "Is it you?", "是您本人吗？";
    code_lead: "Enter the code from the mail, so that we know that the request is yours.", "请输入邮件中的验证码，以便我们确认请求来自您本人。";
    code: "Code", "验证码";
    confirm: "Confirm", "确认";
    take_back: "Take the request back", "撤回请求";
    in_mail: "The details stand in the mail that we sent you: this page shows nothing personal.", "详情见我们发送给您的邮件；本页不显示任何个人信息。";
    complain: "Complain to us", "向我们投诉";
    no_account: "Without an account, ask with your email address: a code shows that it is yours.", "没有账户也可以用您的电子邮箱提出请求：通过验证码确认邮箱属于您。";
    by_address: "Ask with your email address", "用电子邮箱提出请求";
    by_address_lead: "You need no account. We send a code to your address; once you have entered it, your request counts, and you have our answer there.",
        "无需账户。我们会向您的邮箱发送验证码；您输入后请求即生效，答复也将发送到该邮箱。";
    address: "Your email address", "您的电子邮箱";
    address_hint: "The one that you used with us.", "您与我们联系时使用的邮箱。";
    look: "Look at your mail", "请查看您的邮箱";
    look_lead: "If something can be asked for this address, a mail with a code and a link is on its way there. Nothing is done before the code was entered; it is good for seven days.",
        "如果可以就此邮箱提出请求，我们已向其发送一封含验证码和链接的邮件。输入验证码之前不会进行任何处理；验证码七天内有效。";
    keep_by_mail: "To keep the account, use the link in the mail that we sent when it was closed, or sign in.", "如需保留账户，请使用注销时邮件中的链接，或登录。";
    outstanding: "Others who were told", "已通知的其他各方";
    outstanding_lead: "They were told, and are told again until they answer that it is done.",
        "已通知他们，并会持续提醒，直至其答复已完成。";
    nobody_left: "Everybody who was told has answered that it is done.", "所有被通知方均已答复完成。";
    since: "told", "通知于";
    accepted: "has it, and is not done yet", "已收到，尚未完成";
    said: "What was said", "往来记录";
    from_you: "You", "您";
    from_us: "We", "我们";
    certificate: "Certificate of erasure", "删除证明";
    certificate_link: "The certificate of erasure", "查看删除证明";
    certificate_lead: "We destroyed the key to this person's data, and nobody can read it any more. The public log attests it: whoever has this certificate can check it without us.",
        "我们已销毁该用户信息的密钥，任何人都无法再读取。公开日志可予证明：持有本证明者无需经过我们即可核验。";
    certificate_waits: "The log has it in a moment. Please open this page again.", "日志稍后即收录，请重新打开本页。";
    person: "Person", "用户";
    erased: "Erased", "删除时间";
    controller: "By", "由";
    under: "Under version of the policy", "依据政策版本";
    log: "Log", "日志";
    entry: "Entry in the log", "日志条目";
    request: "Number of the request", "请求编号";
    key: "Public key of the log", "日志公钥";
    save: "Save the certificate", "保存证明";
    check: "To check it: save it, and run", "核验方法：保存后运行";
}

impl Say {
    /// The words in a language; English where the language is not there.
    pub(crate) fn of(language: &str) -> &'static Self {
        if language.starts_with("zh") { &ZH } else { &EN }
    }

    /// What can be asked for here: the word of a right, and the wish.
    pub(crate) fn wishes(
        &self,
        restricted: bool,
        browser: bool,
    ) -> Vec<(&'static str, &'static str)> {
        let use_it = match (restricted, browser) {
            (true, _) => Some(("lift", self.lift)),
            (false, false) => Some(("restrict", self.restrict)),
            (false, true) => None,
        };
        let first = [("access", self.access), ("correct", self.correct), ("delete", self.delete)];
        let last = [("withdraw", self.withdraw), ("object", self.object)];
        first.into_iter().chain(use_it).chain(last).collect()
    }

    /// What whoever has no account can ask for: there is nothing that they could do themselves.
    pub(crate) fn wishes_by_address(&self) -> Vec<(&'static str, &'static str)> {
        let own = self.wishes(false, false).into_iter();
        own.map(|(word, wish)| match word {
            "correct" => (word, self.correct_any),
            "delete" => (word, self.delete_any),
            _ => (word, wish),
        })
        .collect()
    }

    /// Where a request stands, in words.
    pub(crate) fn state(&self, (right, state): (&str, &str), erased: bool) -> &'static str {
        match (state, right) {
            ("received", _) => self.received_state,
            ("waiting", "close-account") => self.closing_state,
            ("waiting", _) => self.waiting_state,
            ("working", _) if erased => self.erased_state,
            ("working", _) => self.working_state,
            ("refused", _) => self.refused_state,
            ("cancelled", _) => self.cancelled_state,
            ("done", "close-account") => self.closed_state,
            _ => self.done_state,
        }
    }
}
