//! The words of the pages, English and Chinese side by side: a word missing in one does not compile.

/// Defines [`Words`] with one field per word and its text in each language.
macro_rules! words {
    ($($name:ident: $en:literal, $zh:literal;)+) => {
        /// The fixed words of the pages in one language.
        #[derive(Debug)]
        pub(crate) struct Words { pub(crate) code: &'static str, $(pub(crate) $name: &'static str),+ }

        static EN: Words = Words { code: "en", $($name: $en),+ };
        static ZH: Words = Words { code: "zh", $($name: $zh),+ };
    };
}

pub(super) use words;

words! {
    skip: "Skip to the content", "跳到正文";
    main_menu: "Main menu", "主菜单";
    policy: "Privacy policy", "隐私政策";
    versions: "Versions", "历次版本";
    versions_lead: "Every version stays readable at its own address, with the changes marked.",
        "每一版都保留在各自的地址，改动之处有标记。";
    version: "Version", "版本";
    in_force: "in force", "现行";
    effective: "Effective", "生效";
    choices: "Your choices", "您的选择";
    centre: "Privacy centre", "隐私中心";
    requests: "Your requests", "您的请求";
    comma: ", ", "、";
    colon: ": ", "：";
    full_stop: ".", "。";
    day_form: "%-d %B %Y", "%Y 年 %-m 月 %-d 日";
    day_and_time: ", ", " ";
    zone_before: " ", "（";
    zone_after: "", "）";
    by_app: "An application", "应用程序";
    by_person: "You", "您";
    by_guardian: "Your guardian", "您的监护人";
    by_partner: "A partner", "合作方";
    by_staff: "Our staff", "我们的员工";
    by_system: "Our system", "我们的系统";
    act_collect: "Taken in", "收集";
    act_use: "Used", "使用";
    act_share: "Shared", "共享";
    act_transfer: "Sent to another region", "跨区传输";
    act_disclose: "Disclosed", "披露";
    act_publish: "Published", "公开";
    act_exercise: "You exercised a right", "您行使了权利";
    act_exercised: "A right was exercised", "行使权利";
    right_access: "to see your data", "查阅";
    right_export: "to take it with you", "导出";
    right_correct: "to put it right", "更正";
    right_delete: "to have it deleted", "删除";
    right_withdraw: "to choose", "选择与撤回";
    right_restrict: "to have use restricted", "限制使用";
    right_object: "to object", "反对";
    right_close: "to close the account", "注销账户";
    contact: "How to reach us", "联系我们";
    contact_lead: "A person reads what you send.", "您的来信由专人阅读。";
    write_to_us: "Write to us", "给我们留言";
    messages: "Your messages", "您的留言";
    register: "Register", "注册";
    sign_in: "Sign in", "登录";
    sign_out: "Sign out", "退出";
    footer: "What this page says is what the system does: the rules below decide every use.",
        "此处所写即系统所行：每一次使用都由下列规则决定。";
    rules_in_force: "Rules in force:", "现行规则：";
    step_age: "Your age", "年龄";
    step_details: "Your details", "信息";
    step_code: "Confirm", "确认";
    age_lead: "We ask your age before anything else, because different rules protect the young.",
        "我们首先询问您的年龄，因为未成年人受不同规则的保护。";
    birth_date: "Date of birth", "出生日期";
    birth_hint: "Nothing is stored until you finish registering.", "完成注册之前，不会保存任何信息。";
    region: "Where you live", "所在地区";
    region_hint: "Your data is stored there and does not leave it without your separate consent.",
        "您的数据保存在该地区，未经您单独同意不会离开。";
    go_on: "Continue", "继续";
    minor_title: "Please ask a parent or guardian", "请与父母或监护人一起操作";
    minor_text: "You are under 18. Please read the policy together with a parent or guardian and ask for their agreement before you go on.",
        "您未满十八周岁。请与父母或监护人一起阅读本政策，并在继续之前征得他们的同意。";
    details_lead: "We ask only for what the policy declares. What is optional can be left empty, and nothing else changes.",
        "我们只询问政策中列明的信息。选填项可以留空，不影响其他任何事项。";
    email: "Email address", "电子邮箱";
    password: "Password", "密码";
    password_hint: "At least 8 characters. A few random words do well.", "至少 8 个字符，几个随意的词语即可。";
    phone: "Phone number", "电话号码";
    left_out: "Without it: ", "若不提供：";
    name: "Name", "姓名";
    optional: "optional", "选填";
    required: "required", "必需";
    asked_first: "asked first", "首先询问";
    accept_before: "I have read the", "我已阅读";
    accept_link: "privacy policy", "隐私政策";
    accept_after: "and agree to version", "并同意第";
    accept_end: ".", " 版。";
    please_correct: "Please correct the following", "请更正以下内容";
    code_lead: "We sent you a code by email. It works for ten minutes.", "我们已通过邮件发送验证码，十分钟内有效。";
    code_label: "One-time code", "验证码";
    code_hint: "Six digits.", "六位数字。";
    code_wrong: "This code is wrong or has run out, or too many were wrong today. Ask for a new one, or come again tomorrow.", "验证码有误或已失效，或今日错误次数过多。请重新获取，或明天再试。";
    confirm: "Confirm", "确认";
    send_code: "Email me a code", "发送邮件验证码";
    no_account: "No account yet?", "还没有账户？";
    sign_in_wrong: "This address and password do not belong together, or too many were wrong today. You can have a code sent instead.", "邮箱与密码不匹配，或今日错误次数过多。您也可以改用邮件验证码登录。";
    centre_lead: "Everything we hold about you, why, from where, until when, and who used it.",
        "我们持有的您的全部信息：为何、来自何处、保留至何时、谁使用过。";
    what_we_hold: "What we hold", "我们持有的信息";
    who_used: "Who used it", "使用记录";
    uses_lead: "Each time something of yours was used or refused: by whom, what for, and under which clause.",
        "每一次使用或拒绝：由谁、为何、依据哪一条款。";
    in_vain: " · wrong password or code", " · 密码或验证码错误";
    no_uses: "Nothing of yours has been used yet.", "尚无任何使用记录。";
    export: "Take your data with you", "导出您的数据";
    export_lead: "Everything on this page, and the same as a file that other services can read.",
        "本页即全部内容，亦可下载为其他服务可读取的文件。";
    download_json: "Download as JSON", "下载 JSON 文件";
    download_zip: "Download with tables (ZIP)", "下载含表格的压缩包（ZIP）";
    readme_json: "Everything that is held about you, for other services to read.", "我们持有的您的全部信息，供其他服务读取。";
    readme_data: "Each value with its source, what it is used for, who gets it, and when it goes. A spreadsheet opens it.",
        "每一项信息及其来源、用途、接收方与删除时间，可用电子表格打开。";
    readme_uses: "Each time something of yours was used or refused: by whom, what for, and under which clause. A spreadsheet opens it.",
        "每一次使用或拒绝：由谁、为何、依据哪一条款，可用电子表格打开。";
    readme_cells: "A cell of a table that would look like a formula begins with an apostrophe. What nobody is shown, such as a password, is empty. Log information is in data.json alone. Times are in UTC.",
        "表格中形似公式的单元格以单引号开头。不向任何人展示的内容（如密码）留空。日志信息仅在 data.json 中。时间均为 UTC。";
    readme_rest: "This is not everything yet. The rest, which is older, is here:", "此处尚非全部。其余较早的内容在此：";
    readme_nothing: "Nothing is held about you beyond the account itself.", "除账户本身外，未持有与您有关的任何信息。";
    nothing_held: "Nothing is held here.", "此处未持有任何信息。";
    source: "Comes from", "来源";
    used_for: "May be used for", "可用于";
    goes_to: "Recipients", "接收方";
    nobody: "nobody", "无";
    goes_on: "How long we keep it", "保留时间";
    due_on: "deleted on", "删除日期";
    on_hold: "Held for a legal reason. We keep it for that alone, use it for nothing else, and cannot change or delete it until",
        "因法律原因保全。仅为此保存，不作其他使用；在以下日期之前不能更改或删除：";
    clause: "Clause", "条款";
    correct: "Correct", "更正";
    delete: "Delete", "删除";
    new_value: "New value", "新的内容";
    correct_lead: "The new value replaces the old one at once, and the old one cannot be read any more.",
        "新内容立即替换旧内容，旧内容将无法再被读取。";
    new_address_lead: "We send a code to the new address. Until you enter it here, the old one stays in force.",
        "我们会向新邮箱发送验证码。在您输入验证码之前，原邮箱继续有效。";
    waiting_title: "A new address is waiting to be proved", "新邮箱等待验证";
    waiting_text: "Enter the code that was sent there. Until then the old address stays in force. It waits until",
        "请输入发送到该邮箱的验证码。在此之前，原邮箱继续有效。等待至";
    delete_lead: "Its key is destroyed. This cannot be undone.", "其密钥将被销毁，无法恢复。";
    go_back: "Go back", "返回";
    saved: "Saved.", "已保存。";
    deleted: "Deleted.", "已删除。";
    log_information: "Log information", "日志信息";
    close: "Close the account", "注销账户";
    close_lead: "From that moment nothing is used any more. Then everything is deleted, unless a law says otherwise. This cannot be undone.",
        "从那时起信息即停止使用，随后除法律另有规定外全部删除，无法恢复。";
    close_within: "From that moment nothing is used any more, and other devices are signed out. The decision can be taken back, here or with the link in the mail that we send, within ",
        "从那时起信息即停止使用，其他设备上的登录也随即失效。可以反悔，在此处或通过我们发送的邮件中的链接均可，期限为 ";
    close_then: ". Then everything is deleted, unless a law says otherwise.", "。此后除法律另有规定外，全部信息将被删除。";
    close_now: "Yes, close it", "确认注销";
    closing_title: "This account is being closed", "账户正在注销";
    closing_text: "Nothing of yours is used any more. Everything is deleted on", "您的信息已停止使用。全部删除时间为";
    keep_account: "I changed my mind: keep it", "我改变主意了，保留账户";
    keep_ask: "Keep the account?", "要保留账户吗？";
    keep_lead: "The account is being closed, and nothing of it is used. Press the button, and it stays as it was.",
        "账户正在注销，信息已停止使用。点击按钮后，账户将保持不变。";
    keep_spent: "This link does nothing any more. It was used already, or the account was closed anew, with another link in a newer mail.",
        "此链接已失效：可能已使用过，或账户被再次注销，请使用最新邮件中的链接。";
    keep_late: "The time to change one's mind is over", "反悔期已过";
    keep_gone: "Everything was deleted, and nobody can bring it back. The last mail has the certificate of erasure.",
        "全部信息已删除，无法恢复。最后一封邮件中附有删除证明。";
    choices_lead: "Each choice takes effect at once. Saying no changes nothing else.", "每项选择立即生效。拒绝不影响其他事项。";
    signal_text: "Your browser signals that you do not want to be tracked. We treat that as a no where the policy says so.",
        "您的浏览器发出了不希望被跟踪的信号。凡政策有此规定的，我们均视为拒绝。";
    yes: "Yes", "同意";
    no: "No", "不同意";
    save: "Save", "保存";
    accept_all: "Accept all", "全部同意";
    refuse_all: "Refuse all", "全部拒绝";
    receipt: "Receipt", "回执";
    receipt_lead: "Keep a copy if you like: it says what you chose, and when.", "如有需要请保存：其中记录了您的选择与时间。";
    permitted: "permitted", "已允许";
    refused: "refused", "已拒绝";
    record: "Record", "记录";
    log_index: "entry in the log", "日志条目";
    earlier: "Earlier", "更早";
    mail: "Mail", "邮件";
    mail_lead: "Every mail that this demonstration sent. In your installation they leave by SMTP.",
        "此演示发送的全部邮件。正式安装时通过 SMTP 发送。";
    no_mail: "No mail yet.", "暂无邮件。";
    mail_to: "To", "收件人";
    mail_at: "Sent", "发送时间";
    not_found: "There is nothing at this address", "此地址没有内容";
    not_found_lead: "The link may be old, or mistyped.", "链接可能已过期或有误。";
    please_sign_in: "Please sign in first", "请先登录";
    please_sign_in_lead: "This page shows your own data, so we have to know that it is you.", "此页显示您本人的数据，因此需要先确认您的身份。";
    try_again: "Please go back and try again in a moment.", "请返回，稍后再试。";
    once_more: "Somebody else was at this in the same moment. What you wrote is still here: send it again.",
        "此刻有其他操作同时进行。您填写的内容仍在，请再次提交。";
    stale: "The text has changed since you opened this page. Open it again, read it, and answer then.",
        "您打开此页后，文本已有变动。请重新打开并阅读后再答复。";
    come_again: "You tried this many times. Please wait a few minutes.", "您的尝试次数过多，请过几分钟再试。";
    please_check: "please check this", "请检查此项内容";
    policy_refuses: "The policy does not allow this", "隐私政策不允许此操作";
    why_not_consented: "This needs your consent, and you have not given it.", "此事需要您的同意，而您尚未同意。";
    why_withdrawn: "You refused this, or took your consent back.", "您已拒绝或撤回同意。";
    why_objected: "You objected to this.", "您已表示反对。";
    why_young: "This is not done with the data of the young.", "未成年人的信息不作此用途。";
    why_guardian: "A parent or guardian has to agree first.", "需先由父母或监护人同意。";
    why_unverified: "Please confirm your email address first.", "请先验证您的电子邮箱。";
    why_restricted: "You had the use of your data restricted.", "您已要求限制使用您的信息。";
    why_closing: "This account is being closed. In the privacy centre you can still change your mind.", "账户正在注销。您仍可在隐私中心反悔。";
    why_closed: "This account is closed.", "账户已注销。";
    why_ceased: "The service has ended, and nothing more is collected. You can still take your data with you.", "服务已终止，不再收集任何信息。您仍可导出自己的数据。";
    why_else: "No clause of the policy permits it.", "隐私政策中没有允许此操作的条款。";
    no_code: "Nothing arrived?", "没有收到？";
    new_code: "Have a new code sent", "重新获取验证码";
    taken: "This value cannot be used here.", "此内容无法使用。";
    went_wrong: "This did not work", "未能完成";
    kept_changed_mind: "Your account stays as it was.", "您的账户保持不变。";
    waiting_guardian: "Waiting for a guardian", "等待监护人";
    waiting_guardian_lead: "At your age a parent or guardian has to agree first. Nothing has been collected beyond what is needed to reach them.",
        "按您的年龄，需先由父母或监护人同意。除联系监护人所需外，未收集任何信息。";
    events_none: "No log information is kept about you.", "未保存任何与您有关的日志信息。";
    events_older: "and older ones, which the file has", "以及更早的事件，见导出文件";
    events_some: "Events kept in your name:", "以您名义保存的事件数：";
}

impl Words {
    /// The words in a language; English where the language is not there.
    pub(crate) fn of(language: &str) -> &'static Self {
        if language.starts_with("zh") { &ZH } else { &EN }
    }

    /// Why the policy refuses something, by the word of the reason, said to the person.
    pub(crate) fn why(&self, reason: &str) -> &'static str {
        match reason {
            "not-consented" | "separate-consent-missing" => self.why_not_consented,
            "withdrawn" | "signalled" => self.why_withdrawn,
            "objected" => self.why_objected,
            "minor" | "age-unknown" => self.why_young,
            "guardian-missing" => self.why_guardian,
            "unverified" => self.why_unverified,
            "restricted" => self.why_restricted,
            "closing" => self.why_closing,
            "closed" => self.why_closed,
            "ceased" => self.why_ceased,
            _ => self.why_else,
        }
    }

    /// What a field of a form is called on the page.
    pub(crate) fn field<'a>(&self, name: &'a str) -> &'a str {
        match name {
            "email" => self.email,
            "phone" => self.phone,
            "birth_date" => self.birth_date,
            "password" | "data.password" => self.password,
            "name" | "data.name" => self.name,
            "region" => self.region,
            "code" => self.code_label,
            "value" => self.new_value,
            "accept.version" => self.policy,
            other => other,
        }
    }

    /// Who asked, by the word of a record.
    pub(crate) fn asker(&self, word: &str) -> &'static str {
        match word {
            "app" => self.by_app,
            "person" => self.by_person,
            "guardian" => self.by_guardian,
            "partner" => self.by_partner,
            "staff" => self.by_staff,
            _ => self.by_system,
        }
    }

    /// What was done, by the word of a record.
    pub(crate) fn act(&self, word: &str) -> &'static str {
        match word {
            "collect" => self.act_collect,
            "share" => self.act_share,
            "transfer" => self.act_transfer,
            "disclose" => self.act_disclose,
            "publish" => self.act_publish,
            "exercise" => self.act_exercise,
            _ => self.act_use,
        }
    }

    /// A right, by its word.
    pub(crate) fn right<'a>(&self, word: &'a str) -> &'a str {
        match word {
            "access" => self.right_access,
            "export" => self.right_export,
            "correct" => self.right_correct,
            "delete" => self.right_delete,
            "withdraw" => self.right_withdraw,
            "restrict" => self.right_restrict,
            "object" => self.right_object,
            "close-account" => self.right_close,
            other => other,
        }
    }
}
