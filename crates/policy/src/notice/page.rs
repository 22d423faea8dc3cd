//! The whole page, as an HTML fragment with its facts, contents, clauses and explained terms.

use super::terms::Terms;
use super::{NoticeContext, escaped, markdown, put};
use crate::page::{Clause, Part};
use crate::phrase;
use crate::policy::Policy;

/// The words of the page itself.
pub(super) struct Labels {
    pub(super) by: &'static str,
    pub(super) version: &'static str,
    pub(super) updated: &'static str,
    pub(super) effective: &'static str,
    pub(super) rules: &'static str,
    pub(super) contact: &'static str,
    pub(super) terms: &'static str,
    pub(super) contents: &'static str,
    pub(super) versions: &'static str,
    pub(super) twin: &'static str,
    pub(super) choices: &'static str,
}

const EN: Labels = Labels {
    by: "Published by",
    version: "Version",
    updated: "Updated",
    effective: "Takes effect",
    rules: "Rules in force",
    contact: "Contact",
    terms: "Terms explained",
    contents: "Contents",
    versions: "All versions and what each changed",
    twin: "The same for machines",
    choices: "Change your choices",
};

const ZH: Labels = Labels {
    by: "发布者",
    version: "版本",
    updated: "更新日期",
    effective: "生效日期",
    rules: "执行中的规则",
    contact: "联系方式",
    terms: "术语解释",
    contents: "目录",
    versions: "全部版本及其变化",
    twin: "机器可读版本",
    choices: "更改您的选择",
};

/// The labels of a language; English for those without their own.
pub(super) fn labels(language: &str) -> &'static Labels {
    if language.starts_with("zh") { &ZH } else { &EN }
}

pub(super) fn html(policy: &Policy, language: &str, context: &NoticeContext<'_>) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let mut terms = Terms::of(policy, language);
    put(&mut out, format_args!("<article class=\"policy\" lang=\"{}\">\n", escaped(language)));
    header(policy, language, context, &mut out);
    contents(policy, language, &mut out);
    out.push_str("<div class=\"prose\">\n");
    for (position, part) in policy.page.parts.iter().enumerate() {
        part_html(policy, (language, position, part), &mut terms, &mut out);
    }
    contact(policy, language, &mut out);
    explanations(policy, language, &terms, &mut out);
    out.push_str("</div>\n</div>\n</article>\n");
    out
}

fn header(policy: &Policy, language: &str, context: &NoticeContext<'_>, out: &mut String) {
    let (header, labels) = (&policy.header, labels(language));
    let title = policy.fill(policy.page.title.in_language(language), language, str::to_owned);
    put(out, format_args!("<header>\n<h1>{}</h1>\n", escaped(&title)));
    if let Some(remark) = context.remark {
        put(out, format_args!("<p class=\"remark\">{}</p>\n", escaped(remark)));
    }
    let hash = policy.hash();
    let day = |it: jiff::civil::Date| {
        format!("<time datetime=\"{it}\">{}</time>", phrase::date(it, language))
    };
    let facts = [
        (labels.by, escaped(header.controller.in_language(language)), "controller"),
        (labels.version, header.version.to_string(), "version"),
        (labels.updated, day(header.updated), "updated"),
        (labels.effective, day(header.effective), "effective"),
        (labels.rules, format!("<code class=\"hash\">{hash}</code>"), "rules"),
    ];
    out.push_str("<dl class=\"facts\">\n");
    for (label, value, class) in facts {
        put(out, format_args!("<div class=\"{class}\"><dt>{label}</dt><dd>{value}</dd></div>\n"));
    }
    out.push_str("</dl>\n");
    let links = [
        (context.versions, labels.versions),
        (context.twin, labels.twin),
        (context.choices, labels.choices),
    ];
    if links.iter().any(|it| it.0.is_some()) {
        out.push_str("<p class=\"row\">\n");
        for (href, label) in links {
            if let Some(href) = href {
                put(out, format_args!("<a href=\"{}\">{label}</a>\n", escaped(href)));
            }
        }
        out.push_str("</p>\n");
    }
    out.push_str("</header>\n");
}

fn clause_title(policy: &Policy, clause: &Clause, language: &str) -> String {
    escaped(&policy.fill(clause.title.in_language(language), language, str::to_owned))
}

fn contents(policy: &Policy, language: &str, out: &mut String) {
    let label = labels(language).contents;
    put(
        out,
        format_args!(
            "<div class=\"with-toc\">\n<nav class=\"toc\" aria-label=\"{label}\">\n<ol>\n"
        ),
    );
    for (position, part) in policy.page.parts.iter().enumerate() {
        let nested = position > 0;
        if nested {
            let title = policy.fill(part.title.in_language(language), language, str::to_owned);
            put(
                out,
                format_args!("<li><a href=\"#part-{position}\">{}</a>\n<ol>\n", escaped(&title)),
            );
        }
        for id in &part.clauses {
            let Some(clause) = policy.clause(id) else { continue };
            let title = clause_title(policy, clause, language);
            put(out, format_args!("<li><a href=\"#{id}\">{title}</a></li>\n"));
        }
        if nested {
            out.push_str("</ol></li>\n");
        }
    }
    out.push_str("</ol>\n</nav>\n");
}

fn part_html<'p>(
    policy: &'p Policy,
    (language, position, part): (&str, usize, &Part),
    terms: &mut Terms<'p>,
    out: &mut String,
) {
    let titled = position > 0;
    put(out, format_args!("<section class=\"part\" id=\"part-{position}\">\n"));
    if titled {
        let title = policy.fill(part.title.in_language(language), language, str::to_owned);
        put(out, format_args!("<h2 class=\"part-title\">{}</h2>\n", escaped(&title)));
    }
    terms.next_clause();
    let intro = policy.fill(part.intro.in_language(language), language, markdown::escape);
    out.push_str(&markdown::html(&intro, terms));
    for id in &part.clauses {
        if let Some(clause) = policy.clause(id) {
            clause_html(policy, (language, titled, clause), terms, out);
        }
    }
    out.push_str("</section>\n");
}

fn clause_html<'p>(
    policy: &'p Policy,
    (language, titled, clause): (&str, bool, &Clause),
    terms: &mut Terms<'p>,
    out: &mut String,
) {
    let (id, title) = (&clause.id, clause_title(policy, clause, language));
    // Below the title of a part, a clause's heading is one level deeper.
    let level = clause.level.clamp(2, 3).saturating_add(u8::from(titled));
    put(
        out,
        format_args!("<section class=\"clause\" id=\"{id}\">\n<h{level}>{title}</h{level}>\n"),
    );
    put(out, format_args!("<a class=\"clause-id\" href=\"#{id}\">{id}</a>\n"));
    terms.next_clause();
    let prose = policy.fill(clause.prose.in_language(language), language, markdown::escape);
    out.push_str(&markdown::html(&prose, terms));
    out.push_str("</section>\n");
}

fn contact(policy: &Policy, language: &str, out: &mut String) {
    let (contact, labels) = (&policy.header.contact, labels(language));
    put(
        out,
        format_args!(
            "<section class=\"contact-details\">\n<h2>{}</h2>\n<address>\n",
            labels.contact
        ),
    );
    put(out, format_args!("<p>{}</p>\n", escaped(policy.header.controller.in_language(language))));
    let email = escaped(&contact.email);
    put(out, format_args!("<p><a href=\"mailto:{email}\">{email}</a></p>\n"));
    if let Some(post) = &contact.post {
        put(out, format_args!("<p>{}</p>\n", escaped(post.in_language(language))));
    }
    if let Some(phone) = &contact.phone {
        put(out, format_args!("<p>{}</p>\n", escaped(phone)));
    }
    out.push_str("</address>\n</section>\n");
}

fn explanations(policy: &Policy, language: &str, terms: &Terms<'_>, out: &mut String) {
    if terms.used().is_empty() {
        return;
    }
    put(
        out,
        format_args!(
            "<section id=\"terms\">\n<h2>{}</h2>\n<dl class=\"glossary\">\n",
            labels(language).terms
        ),
    );
    for id in terms.used() {
        let Some(term) = policy.glossary.get(*id) else { continue };
        let meaning = markdown::html(term.text.in_language(language), &mut Terms::none());
        let name = escaped(term.name(language));
        put(out, format_args!("<dt id=\"term-{id}\">{name}</dt>\n<dd>{meaning}</dd>\n"));
    }
    out.push_str("</dl>\n</section>\n");
}
