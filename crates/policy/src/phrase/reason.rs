//! Why something is refused and what can be done, in each language.

use decide::Reason;

/// Why, in a sentence without a full stop.
pub fn reason(reason: Reason, language: &str) -> &'static str {
    if !language.starts_with("zh") {
        return reason.sentence();
    }
    match reason {
        Reason::Undeclared => "隐私政策没有任何条款允许这样做",
        Reason::NotConsented => "这需要本人同意，而目前没有",
        Reason::Withdrawn => "本人已拒绝或撤回同意",
        Reason::Objected => "本人已提出反对",
        Reason::Signalled => "本人的浏览器发出了不希望这样做的信号",
        Reason::Minor => "绝不对未成年人的数据这样做",
        Reason::AgeUnknown => "绝不对未成年人的数据这样做，而年龄尚不清楚",
        Reason::GuardianMissing => "监护人尚未同意",
        Reason::Unverified => "账户尚未验证",
        Reason::Restricted => "本人已要求限制使用其数据",
        Reason::Closing => "账户正在注销",
        Reason::Closed => "账户已注销",
        Reason::Expired => "该数据已超过保存期限",
        Reason::NotTold => "新版政策允许这样做，但尚未告知或征询本人",
        Reason::SourceNotAllowed => "该来源不得为此目的提供这类数据",
        Reason::NotShared => "没有声明向该接收方、为该目的、以该形式的共享",
        Reason::SeparateConsentMissing => "这需要单独同意，而目前没有",
        Reason::AgreementMissing => "与接收方的协议缺失或已过期",
        Reason::CrossesRegion => "数据将离开本人所在区域，而没有声明这样的传输",
        Reason::GroundIncomplete => "披露依据缺少证据或第二人的批准",
        Reason::Ceased => "服务或产品已停止，不再收集任何信息",
        Reason::Held => "该数据依法被保全，仅为此保存",
    }
}

/// What the person or the operator could do, in a sentence without a full stop.
pub fn remedy(reason: Reason, language: &str) -> &'static str {
    if !language.starts_with("zh") {
        return reason.remedy();
    }
    match reason {
        Reason::Undeclared => "不使用该类数据，或发布允许这样做的政策",
        Reason::NotConsented => "征求本人意见；本人可在隐私中心或横幅中回答",
        Reason::Withdrawn => "不使用该数据；本人可在隐私中心改变主意",
        Reason::Objected => "不使用该数据；本人可在隐私中心撤回反对",
        Reason::Signalled => "不使用该数据，或在政策允许时明确征求本人意见",
        Reason::Minor => "在本人成年并重新征求意见之前不使用",
        Reason::AgeUnknown => "先询问出生日期",
        Reason::GuardianMissing => "等待监护人答复发出的链接",
        Reason::Unverified => "请本人输入收到的验证码",
        Reason::Restricted => "等待本人解除限制",
        Reason::Closing => "无需处理；在生效之前本人仍可取消注销",
        Reason::Closed => "从您自己的记录中删除此人",
        Reason::Expired => "如仍需要，请重新向本人索取",
        Reason::NotTold => "等待通知期届满或本人答复",
        Reason::SourceNotAllowed => "使用政策允许为该目的提供它的来源",
        Reason::NotShared => "在政策中声明这项共享，或选择已声明的形式",
        Reason::SeparateConsentMissing => "单独就此征求本人同意；其他同意不包含它",
        Reason::AgreementMissing => "登记协议文件及其有效期",
        Reason::CrossesRegion => "在政策中声明这项传输，并单独征求本人同意",
        Reason::GroundIncomplete => "补充机关及其文号，并由第二人批准",
        Reason::Ceased => "不再收集；在删除之前，本人可导出自己的数据",
        Reason::Held => "等待保全结束；“我们持有什么”一页写明依据和期限",
    }
}
