//! The words of the pages about messages, English and Chinese side by side.

use crate::page::words::words;

words! {
    title: "Write to us", "给我们留言";
    lead: "Anyone may write, with or without an account. A person reads it and answers.",
        "任何人都可以留言，无需账户。由专人阅读并答复。";
    what: "What it is", "类型";
    message: "A message", "留言";
    message_hint: "You hear from us within ", "我们的答复时限：";
    complaint: "A complaint", "投诉";
    complaint_hint: "It gets a number, a deadline, and an answer with its reasons. You hear from us within ",
        "投诉有编号与期限，答复会说明理由。答复时限：";
    text: "What you want to say", "内容";
    text_hint: "Please leave out passwords and card numbers.", "请勿填写密码或银行卡号。";
    reply_to: "Email address for the answer", "接收答复的电子邮箱";
    reply_to_hint: "We use it for this conversation and for nothing else.", "仅用于此次沟通，不作他用。";
    reply_to_own: "Leave it empty, and the answer goes to the address of your account.", "留空则答复至您账户的邮箱。";
    honey: "Leave this empty", "请勿填写此项";
    send: "Send", "发送";
    too_soon: "That was quick. Please look over it once more, and send it.", "提交过快，请再看一遍后发送。";
    stale: "This page was open for a long time. Please send it again.", "页面打开时间过长，请重新发送。";
    arrived: "It has arrived", "已收到";
    arrived_lead: "We sent a mail that says so. A person reads it and answers.", "我们已发送确认邮件。由专人阅读并答复。";
    number: "Number", "编号";
    answer_by: "Answered by", "最迟答复时间";
    kept: "What you write is kept ", "内容保留期限：";
    rights: "To ask what we hold about you, or to have it put right or deleted, you need no account:", "如需查询、更正或删除我们持有的您的信息，无需账户：";
    by_address: "ask with your email address", "用电子邮箱提出请求";
    other_ways: "Other ways to reach us", "其他联系方式";
    service: "How fast we answer", "答复情况";
    service_lead: "The share of messages and complaints that a person answered in time. What is overdue and not answered yet counts as late.",
        "由专人按时答复的留言与投诉所占比例。逾期尚未答复的计为迟复。";
    messages: "Messages", "留言";
    complaints: "Complaints", "投诉";
    last_30_days: "Last 30 days", "最近 30 天";
    last_12_months: "Last 12 months", "最近 12 个月";
    in_time: "In time", "按时";
    late: "Late", "迟复";
    unanswered: "Closed without an answer", "无需答复而关闭";
    share: "Share in time", "按时比例";
    period: "Period", "期间";
    none_yet: "none yet", "暂无";
    same_as_data: "The same as data", "以数据格式查看";
    mine: "Your messages", "您的留言";
    mine_lead: "What you wrote to us and what we answered.", "您写给我们的内容与我们的答复。";
    mine_none: "You have not written to us.", "您尚未给我们留言。";
    write: "Write to us", "给我们留言";
    state: "State", "状态";
    you: "You", "您";
    we: "We", "我们";
    add: "Add something", "补充内容";
    add_reopens: "If you write again, it is opened again and the clock begins anew.", "再次留言将重新处理并重新计时。";
    sent: "Sent.", "已发送。";
    outcome: "Outcome", "处理结果";
    upheld: "You were right", "成立";
    partly: "You were right in part", "部分成立";
    rejected: "Not upheld", "不成立";
    state_received: "waiting for us", "等待处理";
    state_assigned: "being worked on", "处理中";
    state_escalated: "a manager was called", "已上报负责人";
    state_answered: "answered", "已答复";
    state_closed: "closed", "已关闭";
    gone: "The text was kept for as long as the policy says, and has gone.", "内容已按政策规定的期限保留完毕并删除。";
}

impl Words {
    /// The words in a language; English where the language is not there.
    pub(crate) fn of(language: &str) -> &'static Self {
        if language.starts_with("zh") { &ZH } else { &EN }
    }

    /// A state of a conversation.
    pub(crate) fn state_of(&self, word: &str) -> &'static str {
        match word {
            "received" => self.state_received,
            "assigned" => self.state_assigned,
            "escalated" => self.state_escalated,
            "answered" => self.state_answered,
            _ => self.state_closed,
        }
    }

    /// What somebody wrote.
    pub(crate) fn kind(&self, word: &str) -> &'static str {
        if word == "complaint" { self.complaint } else { self.message }
    }

    /// What came of a complaint.
    pub(crate) fn outcome_of(&self, word: &str) -> &'static str {
        match word {
            "upheld" => self.upheld,
            "partly" => self.partly,
            _ => self.rejected,
        }
    }
}
