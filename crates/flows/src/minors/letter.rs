//! What mails about a guardian say, in the languages that they are written in.

use decide::Age;

use crate::Flows;
use crate::account::sender;
use crate::messages::Words;

/// What a mail is about.
pub(super) enum Letter<'a> {
    /// To the guardian: somebody below age asks, with the link.
    Invited { child: &'a str, below: u8, link: &'a str, until: &'a str },
    /// To the guardian: a code.
    Code { code: &'a str, child: &'a str },
    /// To the child: the guardian agreed; whether the child's own address is still to be proved.
    Agreed { proved: bool },
    /// To the person, whom a new version of the policy makes younger: what follows, and until when.
    Younger { then: Age, link: &'a str, until: &'a str },
    /// To the guardian of a minor, whom a new version makes a child: where to choose.
    Decides { link: &'a str },
    /// To the guardian: the person decides from now on.
    Over,
    /// To the person: of age, or old enough to decide; where to choose.
    OfAge { adult: bool, link: &'a str },
}

impl Letter<'_> {
    /// In a language; in English where it is not written in that one.
    pub(super) fn words(&self, language: &str, flows: &Flows) -> Words {
        let (who, address) = sender(flows, language);
        let (heading, body) = if language == "zh" { self.chinese() } else { self.english() };
        let centre = if language == "zh" { "隐私中心：" } else { "Privacy: " };
        let text = format!("{body}\n\n-- \n{who}\n{centre}{address}/privacy\n");
        Words { heading, text }
    }

    fn english(&self) -> (String, String) {
        let (heading, body) = match self {
            Self::Younger { then, link, until } => (
                if *then == Age::Child { "A guardian has to agree" } else { "Other rules for your age" },
                younger(*then, link, until),
            ),
            Self::Decides { link } => (
                "You choose for your child now",
                format!(
                    "Our privacy policy now says that at this age a guardian chooses. What the child \
                     had agreed to has stopped; nothing of it goes on unless you agree:\n{link}"
                ),
            ),
            Self::Over => (
                "Your child decides now",
                "From today the person whom you looked after decides about their data themselves. \
                 Your page for them is closed, and your address is deleted from their account."
                    .to_owned(),
            ),
            Self::Invited { child, below, link, until } => (
                "A child asks for your agreement",
                format!(
                    "Somebody below {below}, with the address {child}, wants to use an account with us \
                     and named you as parent or guardian.\n\nPlease read what we do with data, and \
                     agree or refuse, on this page:\n{link}\n\nThe link is good until {until}. If \
                     you refuse, everything about the child is deleted at once. If you are not the \
                     guardian, you need do nothing."
                ),
            ),
            Self::Code { code, child } => (
                "Your code as a guardian",
                format!(
                    "Your code is {code}\n\nIt is for the account of {child}, works once, for 10 \
                     minutes. If you did not ask for it, you need do nothing: without it nothing \
                     happens."
                ),
            ),
            Self::Agreed { proved: true } => (
                "Your guardian has agreed",
                "Your account is open. Your guardian can see what we hold about you, put it right, \
                 choose for you, and close the account."
                    .to_owned(),
            ),
            Self::Agreed { proved: false } => (
                "Your guardian has agreed",
                "One step is left: sign in with a code that we send to this address. Your guardian \
                 can see what we hold about you, put it right, choose for you, and close the account."
                    .to_owned(),
            ),
            Self::OfAge { adult, link } => (
                if *adult { "You are of age" } else { "You decide yourself now" },
                format!(
                    "From today you decide about your data yourself, and nobody else does it for \
                     you. What rested on an earlier yes has stopped. If you want any of it, say so \
                     here; if you do nothing, it stays off:\n{link}"
                ),
            ),
        };
        (heading.to_owned(), body)
    }

    fn chinese(&self) -> (String, String) {
        let (heading, body) = match self {
            Self::Younger { then, link, until } => (
                if *then == Age::Child { "需要监护人同意" } else { "适用于您年龄的新规则" },
                younger_in_chinese(*then, link, until),
            ),
            Self::Decides { link } => (
                "现在由您代孩子选择",
                format!("按照我们的隐私政策，这个年龄现在由监护人作出选择。孩子此前同意的事项已停止，除非您同意，否则不再继续：\n{link}"),
            ),
            Self::Over => (
                "孩子现在自己决定",
                "从今天起，您监护的人由本人决定自己的信息。您的监护页面已关闭，您的联系方式已从其账户中删除。".to_owned(),
            ),
            Self::Invited { child, below, link, until } => (
                "有未成年人请您表示同意",
                format!(
                    "一位未满 {below} 周岁的用户（邮箱 {child}）希望使用我们的账户，并将您列为父母或监护人。\n\n请在以下页面阅读我们如何处理信息，并表示同意或拒绝：\n{link}\n\n链接有效期至 {until}。如果您拒绝，有关该未成年人的全部信息将立即删除。如果您不是监护人，无需处理。"
                ),
            ),
            Self::Code { code, child } => (
                "您的监护人验证码",
                format!("您的验证码是 {code}\n\n用于账户 {child}，10 分钟内有效，仅可使用一次。如果不是您本人操作，请忽略本邮件。"),
            ),
            Self::Agreed { proved: true } => (
                "您的监护人已同意",
                "您的账户已开通。监护人可以查看、更正您的信息，代您作出选择，也可以注销账户。".to_owned(),
            ),
            Self::Agreed { proved: false } => (
                "您的监护人已同意",
                "还差一步：请用我们发送到此邮箱的验证码登录。监护人可以查看、更正您的信息，代您作出选择，也可以注销账户。".to_owned(),
            ),
            Self::OfAge { adult, link } => (
                if *adult { "您已成年" } else { "您可以自己决定了" },
                format!("从今天起，由您本人决定您的信息如何使用，他人不再代您决定。此前基于同意的使用均已停止。如果您愿意继续，请在此表示；如果您不作答复，则保持停止：\n{link}"),
            ),
        };
        (heading.to_owned(), body)
    }
}

/// What a version that changes the ages means for somebody.
fn younger(then: Age, link: &str, until: &str) -> String {
    match then {
        Age::Child => format!(
            "Our privacy policy now asks for the agreement of a parent or guardian at \
                         your age. Your account waits for it: nothing of yours is used, and what \
                         rested on a yes of yours has stopped. Ask a guardian here:\n{link}\n\nIf \
                         nobody agrees until {until}, everything about you is deleted. Until then \
                         you can take your data along."
        ),
        Age::ChildAgreed => format!(
            "Our privacy policy now says that at your age your guardian chooses for you. \
                         What rested on a yes of yours has stopped until your guardian agrees. You \
                         can say no at any time:\n{link}"
        ),
        Age::Unknown | Age::Adult | Age::Minor | Age::MinorAgreed => format!(
            "Our privacy policy now protects people of your age as minors. Your account \
                         works as before; there is no advertising and no measuring with your data \
                         until you come of age. You may ask a parent or guardian to look after it:\n\
                         {link}"
        ),
    }
}

/// The same in Chinese.
fn younger_in_chinese(then: Age, link: &str, until: &str) -> String {
    match then {
        Age::Child => format!(
            "按照我们的隐私政策，您这个年龄现在需要父母或监护人同意。您的账户正在等待：您的任何信息都不会被使用，您此前同意的事项均已停止。请在此征求监护人同意：\n{link}\n\n如果到 {until} 仍无人同意，有关您的全部信息将被删除。在此之前您可以导出自己的数据。"
        ),
        Age::ChildAgreed => format!(
            "按照我们的隐私政策，您这个年龄现在由监护人代为选择。您此前同意的事项已停止，待监护人同意后方可继续。您可以随时表示不同意：\n{link}"
        ),
        Age::Unknown | Age::Adult | Age::Minor | Age::MinorAgreed => format!(
            "按照我们的隐私政策，您这个年龄现在作为未成年人受到保护。您的账户照常使用；在您成年之前，您的信息不会用于广告和测量。您可以请父母或监护人协助管理：\n{link}"
        ),
    }
}
