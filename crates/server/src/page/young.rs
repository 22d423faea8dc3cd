//! The words of the pages about the young and their guardians, English and Chinese side by side.

/// Defines [`Young`] with one field per word and its text in each language.
macro_rules! young {
    ($($name:ident: $en:literal, $zh:literal;)+) => {
        /// The words in one language.
        #[derive(Debug)]
        pub(crate) struct Young { $(pub(crate) $name: &'static str),+ }

        static EN: Young = Young { $($name: $en),+ };
        static ZH: Young = Young { $($name: $zh),+ };
    };
}

young! {
    child_details_lead: "At your age a parent or guardian has to agree first. Until then we keep your address and theirs, and nothing else.",
        "按您的年龄，需先由父母或监护人同意。在此之前，我们只保存您和监护人的邮箱，不保存其他任何内容。";
    guardian_email: "Your guardian's email address", "监护人的电子邮箱";
    guardian_email_child: "We write to them and ask. If they do not answer within 30 days, or say no, everything is deleted.",
        "我们会写信征求他们的意见。30 天内未答复或不同意的，全部信息将被删除。";
    guardian_email_minor: "We write to them and ask. You can also send them a link yourself afterwards.",
        "我们会写信征求他们的意见。您也可以稍后自己把链接转给他们。";
    waits_title: "Waiting for your guardian", "等待您的监护人";
    waits_text: "Nothing of yours is used until a parent or guardian has agreed.", "在父母或监护人同意之前，您的任何信息都不会被使用。";
    waits_until: "We wait until", "等待至";
    minor_title: "Have you asked a parent or guardian?", "您征求过父母或监护人的意见吗？";
    minor_text: "Your account works. What you may choose, such as personal help, waits until a guardian has agreed.",
        "您的账户可以使用。需要您选择的事项（例如个性化帮助）要等监护人同意之后才会开始。";
    ask_guardian: "Ask a guardian", "征求监护人同意";
    ask_lead: "A parent or guardian reads what we do with your data, and agrees or refuses. We send them a link, or you do.",
        "父母或监护人会阅读我们如何对待您的信息，并表示同意或拒绝。链接由我们发送，也可以由您转交。";
    send_link: "Email them the link", "向监护人发送链接";
    own_link: "Or send them the link yourself", "或由您自己转交链接";
    own_link_hint: "By a message, or on paper. A link from before opens nothing any more.", "可用消息或纸条转交。之前的链接随即失效。";
    make_link: "Show me a link", "给我一个链接";
    link_made: "Send this link to your guardian", "请将此链接转给监护人";
    link_text: "Your guardian opens it and proves an address of their own. It is good until", "监护人打开链接，并验证自己的邮箱。有效期至";
    link_sent: "We have written to your guardian.", "我们已写信给您的监护人。";
    link_label: "The link", "链接";
    agreed_title: "Your guardian has agreed", "您的监护人已同意";
    agreed_text: "They can see what we hold about you, put it right, choose for you, and close the account. When you come of age, that ends and we ask you yourself.",
        "监护人可以查看、更正您的信息，代您作出选择，也可以注销账户。您成年后，这些权限随即结束，我们会征求您本人的意见。";
    anew_title: "You decide yourself now", "现在由您本人决定";
    anew_text: "You came of age: nobody else decides about your data any more. What rested on an earlier yes has stopped. Please choose anew; if you do not, it stays off.",
        "您已到可自行决定的年龄：他人不再代您决定。此前基于同意的使用均已停止。请重新选择；如不选择，则保持停止。";
    anew_choose: "Choose now", "现在选择";
    guardian_title: "A child asks for your agreement", "有未成年人请您表示同意";
    guardian_lead: "wants to use an account here and named you as a parent or guardian.", "希望在此使用账户，并将您列为父母或监护人。";
    lives_in: "The data is stored in", "信息保存地区";
    read_policy: "Please read the privacy policy", "请阅读隐私政策";
    this_version: "You agree to this version", "您同意的是此版本";
    rules: "Rules", "规则";
    good_until: "The link is good until", "链接有效期至";
    if_yes: "If you agree, you get a page of your own: see what we hold about the child, put it right, choose, and close the account.",
        "如果您同意，您将有一个专门的页面：查看、更正孩子的信息，作出选择，注销账户。";
    if_no: "If you refuse, everything about the child is deleted at once.", "如果您拒绝，有关孩子的全部信息将立即删除。";
    no_ads: "Whatever you choose, there is no personal advertising before they come of age.", "无论如何选择，孩子成年之前都不会有个性化广告。";
    own_address: "Your own email address", "您自己的电子邮箱";
    own_address_hint: "The code goes there. It is not the child's address.", "验证码将发送到此邮箱。不能是孩子的邮箱。";
    own_contact: "Your own email address or phone number", "您自己的电子邮箱或电话号码";
    own_contact_hint: "The code goes there, by email or by text. It is not the child's. Write a number with its country: +86 …",
        "验证码将以邮件或短信发送到此处。不能是孩子的邮箱或号码。电话号码请加国家代码：+86 …";
    get_code_there: "Send me a code", "发送验证码";
    sign_in_lead_both: "We send a code to the address or the phone number with which you agreed.", "我们会向您表示同意时使用的邮箱或电话号码发送验证码。";
    own_birth: "Your own date of birth", "您自己的出生日期";
    own_birth_hint: "A guardian is of age. We check it and do not keep it.", "监护人须为成年人。我们只核对，不保存。";
    i_read: "I am the parent or guardian, and I have read version", "我是父母或监护人，并已阅读隐私政策第";
    i_read_end: "of the privacy policy.", "版。";
    get_code: "Email me a code", "发送邮件验证码";
    code_sent: "We sent you a code. It works once, for ten minutes.", "我们已发送验证码，十分钟内有效，仅可使用一次。";
    agree: "I agree", "同意";
    refuse: "I refuse: delete everything", "拒绝并删除全部信息";
    refused_title: "You refused", "您已拒绝";
    refused_text: "Everything about the child was deleted. Nobody can read it any more.", "有关孩子的全部信息已删除，任何人都无法再读取。";
    no_link_title: "This link opens nothing", "此链接无效";
    no_link_text: "It may be mistyped, replaced by a newer one, or the account is gone.", "链接可能有误、已被新的链接取代，或账户已不存在。";
    child_title: "Your child's data", "您孩子的信息";
    child_lead: "You act for this child. Everything you do here stands on the child's record.", "您正在代孩子行使权利。您在此所做的一切都会记录在案。";
    agreed_now: "You agreed. This is your page for the child.", "您已同意。这是您的专门页面。";
    child_requests: "Requests for the child", "为孩子提出的请求";
    child_export: "Take the child's data along", "导出孩子的信息";
    child_choices: "Choices for the child", "为孩子选择";
    child_choices_lead: "Each choice takes effect at once. Saying no changes nothing else. Personal advertising is not offered to the young.",
        "每项选择立即生效。拒绝不影响其他事项。不向未成年人提供个性化广告。";
    child_uses: "Who used the child's data", "孩子信息的使用记录";
    child_close: "Close the child's account", "注销孩子的账户";
    child_own: "The child's own", "由孩子本人更改";
    guardian_own: "By this address you come in", "您凭此邮箱登录";
    the_child: "The child", "孩子本人";
    you: "You, as the guardian", "您（监护人）";
    child_no_events: "No log information is kept about the child.", "未保存任何与孩子有关的日志信息。";
    child_uses_lead: "Each time something of the child's was used or refused: by whom, what for, and under which clause.",
        "孩子的信息每一次被使用或拒绝使用：由谁、为何、依据哪一条款。";
    sign_in_title: "Sign in as a guardian", "监护人登录";
    sign_in_lead: "We send a code to the address with which you agreed.", "我们会向您表示同意时使用的邮箱发送验证码。";
}

/// The beginning of a sentence of the flows about the young, and what a Chinese page says in its place.
pub(super) static IN_CHINESE: [(&str, &str); 20] = [
    ("give an address or a phone number", "请填写邮箱或电话号码，不要两者都填"),
    ("a guardian has a phone of their own", "监护人须使用自己的电话号码，不能与孩子的相同"),
    (
        "no codes are sent to this country",
        "我们不向该国家或地区发送短信验证码，请使用其他号码或邮箱",
    ),
    ("no codes are sent to phones here", "此处不向手机发送验证码，请使用邮箱"),
    ("a guardian is of age", "监护人须为成年人，请由成年人操作"),
    ("give your own day of birth", "请填写您（监护人）本人的出生日期，我们不会保存"),
    ("a guardian has an address of their own", "监护人须使用自己的邮箱，不能与孩子的相同"),
    ("give your own address", "请填写您（监护人）本人的邮箱，验证码将发送到那里"),
    ("this link was used", "此链接已使用"),
    ("the time of this link is over", "此链接已过期，请重新索取"),
    ("too many links were sent today", "今日发送的链接过多，请明天再试"),
    ("too many codes were sent", "一小时内发送的验证码过多，请一小时后再试"),
    ("your guardian has agreed already", "您的监护人已经同意"),
    ("you need no guardian", "您无需监护人同意"),
    ("no guardian is asked for", "此年龄无需监护人，请留空"),
    ("at this age a guardian says yes", "按您的年龄，需由监护人表示同意；您可以随时拒绝"),
    ("this is never done with the data of the young", "未成年人的信息不作此用途"),
    ("a guardian is asked by a link", "监护人的邮箱不能在此更改，请向监护人发送新的链接"),
    ("the address and the password are the child's own", "邮箱和密码由孩子本人更改"),
    ("this account is being closed", "账户正在注销"),
];

impl Young {
    /// The words in a language; English where the language is not there.
    pub(crate) fn of(code: &str) -> &'static Self {
        if code.starts_with("zh") { &ZH } else { &EN }
    }
}
