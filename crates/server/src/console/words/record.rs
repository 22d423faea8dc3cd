//! Words of records and rows (kinds, states, roles), in the language of the page.

use super::Words;

impl Words {
    /// One word of the records, in the language of the page; as it is where there is none.
    fn word<'w>(&self, word: &'w str, all: &[(&str, &'static str, &'static str)]) -> &'w str
    where
        'static: 'w,
    {
        let found = all.iter().find(|(it, _, _)| *it == word);
        found.map_or(word, |(_, en, zh)| if self.code == "zh" { zh } else { en })
    }

    /// A role.
    pub(in super::super) fn role<'w>(&self, word: &'w str) -> &'w str {
        self.word(
            word,
            &[
                ("officer", "officer", "专员"),
                ("support", "support", "客服"),
                ("engineer", "engineer", "工程师"),
                ("auditor", "auditor", "审计"),
            ],
        )
    }

    /// What a page about one case is called.
    pub(in super::super) fn heading(&self, kind: &str, id: &str) -> String {
        let mut letters = self.kind_of(kind).chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        format!("{first}{} · {id}", letters.as_str())
    }

    /// A kind of case.
    pub(in super::super) fn kind_of<'w>(&self, word: &'w str) -> &'w str {
        self.word(
            word,
            &[
                ("message", "message", "留言"),
                ("complaint", "complaint", "投诉"),
                ("hold", "legal hold", "法定保留"),
                ("guardian", "guardian", "监护人"),
                ("delivery", "delivery", "送达"),
                ("access", "access", "查阅"),
                ("export", "export", "导出"),
                ("correct", "correction", "更正"),
                ("delete", "deletion", "删除"),
                ("withdraw", "withdrawal", "撤回同意"),
                ("restrict", "restriction", "限制使用"),
                ("object", "objection", "反对"),
                ("close-account", "closing the account", "注销账户"),
            ],
        )
    }

    /// A state of a case.
    pub(in super::super) fn state_of<'w>(&self, word: &'w str) -> &'w str {
        self.word(
            word,
            &[
                ("received", "received", "已收到"),
                ("assigned", "assigned", "已指派"),
                ("escalated", "escalated", "已上报"),
                ("answered", "answered", "已答复"),
                ("closed", "closed", "已结束"),
                ("decided", "decided", "已处理"),
                ("waiting", "waiting for the person", "等待用户"),
                ("working", "in work", "办理中"),
                ("done", "done", "已完成"),
                ("refused", "refused", "已拒绝"),
                ("cancelled", "taken back", "已撤回"),
                ("proposed", "waits for a second person", "待第二人批准"),
                ("asked", "waits for a second person", "待第二人批准"),
                ("held", "in force", "生效中"),
                ("lapsed", "lapsed", "已失效"),
                ("lifted", "lifted", "已解除"),
                ("ended", "ended", "已终止"),
                ("planned", "planned", "已计划"),
                ("announced", "announced", "已公告"),
                ("running", "being deleted", "删除中"),
                ("telling", "people are told", "告知中"),
                ("adopting", "being applied", "适用中"),
            ],
        )
    }

    /// How it is known who asks.
    pub(in super::super) fn identity_of<'w>(&self, word: &'w str) -> &'w str {
        self.word(
            word,
            &[
                ("session", "signed in", "已登录"),
                ("guardian", "a guardian who is signed in", "监护人已登录"),
                ("code", "by a code to the known address", "通过已知地址的验证码"),
                ("documents", "by documents", "通过证件"),
            ],
        )
    }

    /// A way by which people are told, or another figure.
    pub(in super::super) fn way<'w>(&self, word: &'w str) -> &'w str {
        self.word(
            word,
            &[
                ("mail", "mail", "邮件"),
                ("push", "push", "推送"),
                ("site", "site", "网站"),
                ("site_only", "only the site", "仅网站"),
                ("people", "people", "人数"),
            ],
        )
    }

    /// An outcome of a complaint.
    pub(in super::super) fn outcome_of<'w>(&self, word: &'w str) -> &'w str {
        self.word(
            word,
            &[
                ("upheld", "upheld", "成立"),
                ("partly", "partly upheld", "部分成立"),
                ("rejected", "rejected", "不成立"),
            ],
        )
    }
}
