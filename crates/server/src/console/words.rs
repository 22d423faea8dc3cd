//! The words of the console, English and Chinese side by side: a word missing in one does not compile.

mod record;

use crate::page;

/// Defines [`Words`] with one field per word and its text in each language.
macro_rules! words {
    ($($name:ident: $en:literal, $zh:literal;)+) => {
        /// The fixed words of the console in one language.
        #[derive(Debug)]
        pub(super) struct Words { pub(super) code: &'static str, $(pub(super) $name: &'static str),+ }

        static EN: Words = Words { code: "en", $($name: $en),+ };
        static ZH: Words = Words { code: "zh", $($name: $zh),+ };
    };
}

words! {
    console: "Console", "工作台";
    start: "What is due", "待办";
    menu: "Console menu", "工作台菜单";
    signed_in_as: "Signed in as", "当前登录";
    sign_in: "Sign in", "登录";
    sign_in_lead: "For staff. Every look at a person's data is on the record, with your id.",
        "仅供工作人员。每次查看个人信息都会连同您的编号一并记录。";
    sign_out: "Sign out", "退出";
    staff_id: "Your id", "您的编号";
    staff_id_hint: "It begins with stf_", "以 stf_ 开头";
    password: "Password", "密码";
    roles: "Roles", "角色";
    account: "Your account", "我的账户";
    another_password: "Change the password", "修改密码";
    another_password_lead: "Whoever added you has seen the first one. Every other session of yours ends.",
        "添加您的人见过初始密码。您的其他登录将全部结束。";
    password_before: "Password until now", "当前密码";
    password_new: "New password", "新密码";
    password_again: "New password again", "再次输入新密码";
    password_hint: "At least eight characters.", "至少八个字符。";
    one_time_code: "Code", "动态码";
    one_time_hint: "Six digits from your authenticator; each counts once.", "认证器显示的六位数字，每个只能用一次。";
    wrong: "The id, the password or the code is not right, or the code was used already.",
        "编号、密码或动态码有误，或动态码已使用过。";
    done: "Done.", "已完成。";
    as_of: "As of", "截至";
    skip: "Skip to the content", "跳到正文";
    or: " or ", "或";
    other_role: "This takes another role", "需要其他角色";
    other_role_lead: "Ask a colleague with this role: ", "请联系具有以下角色的同事：";
    gone: "This person was erased", "此人信息已删除";
    gone_lead: "Nothing of theirs can be opened any more, by nobody.", "其任何信息均已无法打开。";
    plain_else: "This cannot be done as things stand.", "目前无法执行此操作。";

    due: "What is due", "待办事项";
    due_lead: "That with the least time left comes first. As of ", "按剩余时间从少到多排列。截至 ";
    least_left: "Least time left", "剩余时间最少";
    late: "overdue", "已逾期";
    calendars: "Calendars of working days that end soon", "即将到期的工作日历";
    calendar_over: "does not cover this year: deadlines are for now", "未涵盖今年，期限均为暂定";
    nothing_due: "Nothing is waiting.", "没有待办事项。";
    number: "Number", "编号";
    kind: "Kind", "类型";
    state: "State", "状态";
    time_left: "Time left", "剩余时间";
    assigned: "Assigned to", "负责人";
    nobody: "nobody", "无";
    open: "Open", "未办结";
    over: "Over", "已办结";
    all: "All", "全部";
    further: "Further", "更多";
    what_to_do: "What you can do", "可执行的操作";

    overdue_by: "overdue by ", "已逾期 ";
    left_before: "", "剩余 ";
    left_after: " left", "";
    unit_gap: " ", " ";
    day: "day", "天";
    days: "days", "天";
    hour: "hour", "小时";
    hours: "hours", "小时";
    minute: "minute", "分钟";
    minutes: "minutes", "分钟";

    messages: "Messages", "留言与投诉";
    messages_lead: "What people wrote, by the time that is left to answer.", "用户来信，按剩余答复时间排列。";
    requests: "Requests", "权利请求";
    requests_lead: "What people are entitled to, by the time that is left.", "用户行使权利的请求，按剩余时间排列。";
    holds: "Legal holds", "法定保留";
    holds_lead: "What is kept longer, on which ground, and until when.", "依据何种理由、保留至何时。";
    versions: "Policy", "政策版本";
    versions_lead: "Every version, and who is told of it.", "各版本及其告知情况。";
    cessation: "Ending", "终止服务";
    cessation_lead: "Ending a product or the service: who is told, until when data can be taken along, and what goes.",
        "终止产品或服务：告知对象、导出期限与删除范围。";
    evidence: "Evidence", "证据";
    evidence_lead: "Clause by clause: what in the program enforces it, what it permitted and refused in the last 30 days, its last test, and what is overdue under it.",
        "逐条说明：由程序的哪些部分执行、最近 30 天允许与拒绝的次数、最近一次检验，以及有何逾期。";
    clause: "Clause", "条款";
    kept: "How it is kept", "执行方式";
    enforced: "enforced", "由程序执行";
    stated: "stated", "说明性条款";
    not_yet: "not yet", "尚未执行";
    overdue: "Overdue", "逾期";
    open_overdue: "Open / overdue", "未办结 / 逾期";
    kept_by: "Enforced by", "执行部分";
    answered_often: "Permitted / refused", "允许 / 拒绝次数";
    last_test: "Last test", "最近一次检验";
    test_passed: "passed ", "通过 ";
    test_failed: "failed ", "未通过 ";
    decides_nothing: "decides nothing by itself", "本身不作判定";
    next_due: "Next deadline", "最近期限";
    asked_lead: "Questions of applications that used nothing", "应用的查询（未使用信息）";
    permitted: "permitted", "允许";
    days_past: "days", "天内";
    rules: "Rules in force", "现行规则";

    received: "Received", "收到时间";
    answer_by: "Answer by", "答复期限";
    person: "Person", "个人";
    language: "Language", "语言";
    region: "Region", "地区";
    escalated: "A manager was called", "已上报主管";
    outcome: "Outcome", "处理结果";
    reopened: "Wrote again", "再次来信";
    times: "times", "次";
    details: "Details", "详情";
    conversation: "Conversation", "往来内容";
    of_the_person: "What you may see of the person", "您可查看的个人信息";
    of_the_person_lead: "Only while the conversation is open, and on the record.", "仅在办理期间可见，并会被记录。";
    nothing_seen: "Nothing.", "无。";
    by_person: "The person", "用户";
    by_system: "Our system", "系统";
    to_person: "answer", "答复";
    internal: "note among staff", "内部备注";
    reply: "Answer", "答复";
    reply_lead: "It goes out by mail at once, and stops the clock.", "将立即以邮件发出，并停止计时。";
    canned: "An answer at hand", "常用答复";
    canned_hint: "It stands before what you write.", "将置于您所写内容之前。";
    none: "none", "无";
    text: "Text", "内容";
    send: "Send", "发送";
    note: "Note", "备注";
    note_lead: "For colleagues. The person does not get it, and may see it when they ask for their data.",
        "供同事查看，不会发送给用户；用户查阅其数据时可能看到。";
    add_note: "Add the note", "添加备注";
    assign: "Assign", "指派";
    assign_to: "To", "指派给";
    decide: "Decide the complaint", "处理投诉";
    decide_lead: "The person is told the outcome, the reason, and whom else they can turn to.",
        "将告知用户结果、理由以及可继续投诉的机构。";
    upheld: "upheld", "成立";
    partly: "partly upheld", "部分成立";
    rejected: "rejected", "不成立";
    reason: "Reason", "理由";
    complaint: "It is a complaint", "作为投诉处理";
    complaint_lead: "It goes on with the time limit of complaints, counted from when it came in, and ends with an outcome. The person is told.",
        "按投诉的时限处理，自收到之日起计算，并须给出处理结果。将告知用户。";
    close: "Close", "结束";
    close_lead: "From then on nobody reads it, until the person writes again.", "此后无人可读，直至用户再次来信。";
    because_answered: "it is answered", "已答复";
    because_nothing: "there is nothing to answer", "无需答复";
    because_duplicate: "it is there twice", "重复";
    because_spam: "it is spam", "垃圾信息";
    closed_lead: "This conversation is closed: nobody reads it any more. It opens again when the person writes.",
        "此会话已结束，任何人都不能再查看；用户再次来信时会重新打开。";

    request: "Request", "请求";
    right: "Right", "权利";
    their_address: "Address that they wrote from", "来信地址";
    person_hint: "The id, where you know it: per_…", "如已知编号：per_…";
    of_purpose: "Purpose, of an objection", "目的（反对时填写）";
    came_on: "Came in on", "收到日期";
    came_on_hint: "The deadline runs from then. Empty: today.", "期限自该日起算。留空则为今天。";
    what_they_wrote: "What they wrote", "来信内容";
    open_request: "Open a request", "代为登记请求";
    open_request_lead: "For somebody who wrote, called or came. Nothing is done before it is known who asks.",
        "为来信、来电或到访者登记。确认身份之前不作任何处理。";
    identity: "Identity", "身份";
    unidentified: "not known yet who asks", "尚未确认身份";
    seen_by: "Documents seen by", "查看证件者";
    opened_by: "Opened by", "登记人";
    extended_from: "Deadline before it was extended", "延期前的期限";
    duplicate_of: "Repeats", "重复于";
    about_purpose: "About the purpose", "涉及目的";
    about_categories: "About", "涉及类别";
    told: "Told", "已通知";
    since: "Since", "自";
    outstanding: "Not done yet", "尚未完成";
    told_to_person: "The person reads it.", "用户会看到此内容。";
    send_code: "Send a code", "发送验证码";
    send_code_lead: "A code goes to the address that we know. The person enters it, or tells it to you.",
        "验证码将发送至已知地址，由用户填写或告知您。";
    told_code: "Enter their code", "填写验证码";
    told_code_lead: "The code that the person told you.", "用户告知您的验证码。";
    documents: "Documents", "证件";
    documents_lead: "That you saw them is kept, with your id. Nothing of the documents is.",
        "仅记录您已查看及您的编号，不保存证件内容。";
    documents_seen: "I saw documents that show who asks.", "我已查看能证明身份的证件。";
    confirm: "Confirm", "确认";
    take: "Take it up", "受理";
    take_lead: "It is known who asks.", "身份已确认。";
    answer: "Do it, and answer", "办理并答复";
    answer_lead: "What the right asks for is done, and the person has a written answer, also where nothing is held.",
        "将执行所请求的事项并书面答复用户；即使未持有任何信息亦会答复。";
    delete_hint: "What goes, one category a line. Empty: what the request names.", "每行一个类别。留空则按请求所列。";
    correct_hint: "One value a line, as in: phone = +86 138 0013 8000", "每行一项，例如：phone = +86 138 0013 8000";
    extend: "Extend the deadline", "延长期限";
    extend_lead: "Once, and only while the first period runs. The person is told why.", "仅限首个期限内一次，并告知理由。";
    refuse: "Refuse", "拒绝";
    sure: "Yes, I mean to do this.", "是的，我确定要这样做。";
    refuse_lead: "The person is told why, how to complain, and of the authority.", "将告知理由、投诉方式与监管机构。";

    hold: "Hold", "保留";
    ground: "Ground", "依据";
    ground_hint: "A proceeding or a law.", "案件或法律。";
    reference: "Reference", "案号或文号";
    authority: "Who wants it kept", "要求保留的机构";
    until: "Until", "保留至";
    asked_by: "Asked by", "提出者";
    approved_by: "Approved by", "批准者";
    refused_by: "Refused by", "拒绝者";
    lifted_by: "Lifted by", "解除者";
    ask_hold: "Ask for a hold", "申请保留";
    ask_hold_lead: "It stands when a colleague approves it. What it covers is used for nothing else.",
        "经同事批准后生效。所涉信息不得作其他用途。";
    hold_categories_hint: "One category a line, as in: email", "每行一个类别，例如：email";
    approve: "Approve", "批准";
    approve_hold_lead: "From then on it is kept, and closed to every other use.", "此后予以保留，且不得作其他用途。";
    refuse_hold_lead: "Nothing was held; the texts are destroyed.", "未作任何保留；文本将被销毁。";
    take_back: "Take it back", "撤回";
    second_person: "You asked for it: a colleague has to approve.", "此项由您提出，须由同事批准。";
    lift: "Lift the hold", "解除保留";
    lift_lead: "What is due goes at once.", "已到期的信息将立即删除。";

    version: "Version", "版本";
    in_force: "in force", "现行";
    announced: "announced", "已公告";
    effective: "Effective", "生效";
    hash: "Hash of the rules", "规则哈希";
    draft: "The next version", "下一版本";
    draft_lead: "The texts of the newest version. Change them, see what that does, and hand them in.",
        "以下为最新版本的文本。修改后可先检查影响，再提交。";
    draft_form_lead: "Raise version, updated and effective in the head of each text. Nothing is stored by a check.",
        "请在各文本开头更新版本号、更新日期与生效日期。仅检查不会保存任何内容。";
    draft_day_hint: "Only where it is another day than the texts say.", "仅在与文本所写日期不同时填写。";
    draft_what: "What to do", "操作";
    draft_check: "Check it, and show what it changes", "检查并显示改动";
    draft_hand_in: "Hand it in", "提交";
    draft_go: "Go on", "继续";
    draft_wrong: "The draft cannot be published as it is.", "该草稿目前无法发布。";
    draft_faults: "What to put right", "需要修正之处";
    draft_changes: "What it changes", "改动内容";
    draft_then: "Handing it in", "提交后";
    draft_second: "It widens something: a second officer has to approve it.", "有扩大处理范围的改动，须由第二位负责人批准。";
    draft_alone: "It widens nothing: it is published at once.", "未扩大处理范围，将立即发布。";
    second_waits: "Waiting for a second person", "待第二人批准";
    notices: "Who was told", "告知情况";
    no_notices: "No version needed anybody to be told.", "尚无版本需要告知。";
    told_people: "Told", "已告知";
    asked_people: "Asked anew", "重新征询";
    adopted: "Applies to", "已适用";
    failed: "Not told yet", "尚未告知";
    handed_in: "Handed in", "提交时间";
    draft_hash: "Hash of the draft", "草稿哈希";
    this_draft: "draft", "草稿";
    draft_files: "Its texts", "包含的文本";
    approval_lead: "Read what it changes, and its text in each language. What you approve is this draft and no other.",
        "请阅读改动内容及各语言文本。您批准的仅为本草稿。";
    approve_version_lead: "It is published as it stands on this page, and those whom it affects are told.",
        "将按本页所示内容发布，并告知受影响的人。";

    endings: "Endings", "终止计划";
    no_endings: "Nothing is planned to end.", "没有终止计划。";
    what_ends: "What ends", "终止对象";
    whole_service: "the whole service", "全部服务";
    ends: "Ends", "终止日";
    ends_hint: "Later than the notice that the policy promises; empty for the earliest day.",
        "不得早于政策承诺的通知期；留空则取最早日期。";
    export_until: "Data can be taken along until", "数据导出截止";
    deleted_by: "Everything is gone by", "删除完成日";
    announced_on: "Announced", "公告日";
    planned_by: "Planned by", "计划者";
    dates: "Dates", "日期";
    reached: "How people can be told", "可告知方式";
    report: "Closing report", "终止报告";
    plan_end: "Plan an end", "计划终止";
    plan_end_lead: "Everybody is counted; nobody is told yet.", "仅统计人数，暂不告知任何人。";
    announce: "Announce", "公告";
    announce_lead: "A colleague has to approve before anybody is told.", "须经同事批准后才会告知。";
    approve_end_lead: "The dates are fixed, and everybody is told.", "日期将确定，并告知所有人。";
    call_off: "Call it off", "取消";
    call_off_lead: "Whoever was told is told.", "已获告知者将收到通知。";
}

impl Words {
    /// The words in a language; English where the language is not there.
    pub(super) fn of(language: &str) -> &'static Self {
        if language.starts_with("zh") { &ZH } else { &EN }
    }

    /// The words that the pages for people have too.
    pub(super) fn page(&self) -> &'static page::Words {
        page::Words::of(self.code)
    }

    /// A place of the menu.
    pub(super) fn place(&self, href: &str) -> &'static str {
        match href {
            "/console/messages" => self.messages,
            "/console/requests" => self.requests,
            "/console/holds" => self.holds,
            "/console/policy" => self.versions,
            "/console/cessation" => self.cessation,
            "/console/evidence" => self.evidence,
            _ => self.start,
        }
    }

    /// What the flows say to programs, said to staff: as it is in English, and as well as may be in
    /// Chinese.
    pub(super) fn plain(&self, say: &str) -> String {
        if self.code == "en" {
            return page::sentence(self.page(), say);
        }
        let known = page::sentence(self.page(), say);
        // What the pages for people have no words for they call something to check.
        if known.contains(self.page().please_check) {
            format!("{}（{}）", self.plain_else, say.replace('`', ""))
        } else {
            known
        }
    }
}
