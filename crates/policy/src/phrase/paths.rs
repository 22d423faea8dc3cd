//! Every path that prose may interpolate, from what is declared.

use std::collections::BTreeMap;

use super::Value;
use crate::duration::Duration;
use crate::kind::Kind;
use crate::localized::Localized;
use crate::policy::Policy;

/// Declared things, and where their titles are.
type Titled<'p, T> = (&'p BTreeMap<String, T>, fn(&T) -> &Localized);

/// Gathers paths.
struct Paths<'p> {
    policy: &'p Policy,
    all: BTreeMap<String, Value>,
}

/// All paths of a policy.
pub(crate) fn values(policy: &Policy) -> BTreeMap<String, Value> {
    let mut paths = Paths { policy, all: BTreeMap::new() };
    paths.header();
    paths.titles();
    paths.categories();
    paths.purposes();
    paths.sharing();
    paths.rights();
    paths.durations();
    paths.others();
    paths.all
}

impl<'p> Paths<'p> {
    fn put(&mut self, path: impl Into<String>, value: Value) {
        self.all.insert(path.into(), value);
    }

    fn text(&mut self, path: String, text: Option<&Localized>) {
        if let Some(text) = text {
            self.put(path, Value::Text(text.clone()));
        }
    }

    fn duration(&mut self, path: &str, period: Option<Duration>) {
        if let Some(period) = period {
            self.put(path, Value::Duration(period));
        }
    }

    /// Titles of declared things, in the order of their ids.
    fn list<'n, T: 'p>(
        &mut self,
        path: String,
        names: impl Iterator<Item = &'n String>,
        (from, title): Titled<'p, T>,
    ) {
        let titles = names.filter_map(|it| from.get(it)).map(|it| title(it).clone()).collect();
        self.put(path, Value::List(titles));
    }

    /// Names of declared things, which stay as they are inside of a sentence.
    fn names<'n, T: 'p>(
        &mut self,
        path: impl Into<String>,
        names: impl Iterator<Item = &'n String>,
        (from, title): Titled<'p, T>,
    ) {
        let titles = names.filter_map(|it| from.get(it)).map(|it| title(it).clone()).collect();
        self.put(path, Value::Names(titles));
    }

    fn categories_list<'n>(&mut self, path: String, names: impl Iterator<Item = &'n String>) {
        self.list(path, names, (&self.policy.categories, |it| &it.title));
    }

    fn header(&mut self) {
        let header = &self.policy.header;
        self.put("controller", Value::Text(header.controller.clone()));
        self.put("version", Value::Number(header.version));
        self.put("updated", Value::Date(header.updated));
        self.put("effective", Value::Date(header.effective));
        self.put("contact.email", Value::Plain(header.contact.email.clone()));
        self.text("contact.post".to_owned(), header.contact.post.as_ref());
        if let Some(phone) = &header.contact.phone {
            self.put("contact.phone", Value::Plain(phone.clone()));
        }
        let regions = header.regions.iter();
        self.names("regions", regions, (&self.policy.regions, |it| &it.title));
    }

    fn titles(&mut self) {
        let policy = self.policy;
        let mut titles: Vec<(Kind, String, &Localized)> = Vec::new();
        titles
            .extend(policy.categories.iter().map(|it| (Kind::Category, it.0.clone(), &it.1.title)));
        titles.extend(policy.sources.iter().map(|it| (Kind::Source, it.0.clone(), &it.1.title)));
        titles.extend(policy.purposes.iter().map(|it| (Kind::Purpose, it.0.clone(), &it.1.title)));
        titles.extend(
            policy.recipients.iter().map(|it| (Kind::Recipient, it.0.clone(), &it.1.title)),
        );
        titles.extend(
            policy.agreements.iter().map(|it| (Kind::Agreement, it.0.clone(), &it.1.title)),
        );
        titles.extend(policy.shares.iter().map(|it| (Kind::Share, it.0.clone(), &it.1.title)));
        titles
            .extend(policy.transfers.iter().map(|it| (Kind::Transfer, it.0.clone(), &it.1.title)));
        titles.extend(
            policy.disclosures.iter().map(|it| (Kind::Disclosure, it.0.clone(), &it.1.title)),
        );
        titles.extend(policy.cookies.iter().map(|it| (Kind::Cookie, it.0.clone(), &it.1.title)));
        titles.extend(policy.events.iter().map(|it| (Kind::Event, it.0.clone(), &it.1.title)));
        titles.extend(policy.regions.iter().map(|it| (Kind::Region, it.0.clone(), &it.1.title)));
        titles.extend(policy.products.iter().map(|it| (Kind::Product, it.0.clone(), &it.1.title)));
        let rights = policy.rights.iter();
        titles.extend(rights.map(|it| (Kind::Right, it.0.word().to_owned(), &it.1.title)));
        for (kind, id, title) in titles {
            self.text(format!("title.{}.{id}", kind.word()), Some(title));
        }
    }

    fn categories(&mut self) {
        let policy = self.policy;
        for (id, category) in &policy.categories {
            if let Some(keep) = policy.keep.get(id) {
                self.put(format!("keep.{id}"), Value::Keep(keep.after, keep.period));
                self.put(format!("duration.keep.{id}"), Value::Duration(keep.period));
                self.put(format!("then.{id}"), Value::Then(keep.anonymise));
            }
            self.list(
                format!("sources.{id}"),
                category.sources.iter(),
                (&policy.sources, |it| &it.title),
            );
            self.categories_list(format!("from.{id}"), category.from.iter());
            let needing = policy.purposes.iter().filter(|it| it.1.uses.contains(id)).map(|it| it.0);
            self.list(format!("purposes.{id}"), needing, (&policy.purposes, |it| &it.title));
            if let Some(metres) = category.precision {
                self.put(format!("precision.{id}"), Value::Distance(metres));
            }
            self.text(format!("refusing.{id}"), category.refusing.as_ref());
        }
        for (id, source) in &policy.sources {
            self.categories_list(format!("brings.{id}"), source.brings.iter().flatten());
            self.text(format!("terms.{id}"), source.terms.as_ref());
        }
    }

    fn purposes(&mut self) {
        let policy = self.policy;
        for (id, purpose) in &policy.purposes {
            self.put(format!("basis.{id}"), Value::Basis(purpose.general.basis));
            for region in &policy.header.regions {
                self.put(format!("basis.{id}.{region}"), Value::Basis(purpose.terms(region).basis));
            }
            self.categories_list(format!("uses.{id}"), purpose.uses.iter());
            let required = policy.categories.iter().filter(|it| it.1.required.contains(id));
            self.categories_list(format!("required.{id}"), required.map(|it| it.0));
            let shares = policy.shares.values().filter(|it| it.purpose == *id).map(|it| &it.to);
            let shares: std::collections::BTreeSet<&String> = shares.collect();
            let path = format!("recipients.{id}");
            self.list(path, shares.into_iter(), (&policy.recipients, |it| &it.title));
            let cookies = policy.cookies.iter().filter(|it| it.1.purpose == *id).map(|it| it.0);
            self.list(format!("cookies.{id}"), cookies, (&policy.cookies, |it| &it.title));
        }
    }

    fn sharing(&mut self) {
        let policy = self.policy;
        self.list(
            "recipients".to_owned(),
            policy.recipients.keys(),
            (&policy.recipients, |it| &it.title),
        );
        for (id, recipient) in &policy.recipients {
            self.text(format!("does.{id}"), recipient.does.as_ref());
        }
        for (id, share) in &policy.shares {
            self.categories_list(format!("shares.{id}"), share.categories.iter());
            self.text(format!("to.{id}"), policy.recipients.get(&share.to).map(|it| &it.title));
            if let Some(least) = share.min_group {
                self.put(format!("min_group.{id}"), Value::Number(least));
            }
        }
        for (id, transfer) in &policy.transfers {
            self.categories_list(format!("transfers.{id}"), transfer.categories.iter());
            self.text(format!("safeguards.{id}"), Some(&transfer.safeguards));
            self.text(format!("risks.{id}"), Some(&transfer.risks));
        }
        for (id, agreement) in &policy.agreements {
            let papers = agreement.documents.iter().map(|it| paper(it.word())).collect();
            self.put(format!("documents.{id}"), Value::List(papers));
        }
        for (id, disclosure) in &policy.disclosures {
            self.put(format!("approvers.{id}"), Value::Number(u32::from(disclosure.approvers)));
        }
        let grounds = policy.disclosures.keys();
        self.list("grounds".to_owned(), grounds, (&policy.disclosures, |it| &it.title));
    }

    fn rights(&mut self) {
        for (right, rule) in &self.policy.rights {
            for (region, period) in &rule.within {
                self.duration(&format!("within.{}.{region}", right.word()), Some(*period));
            }
            for (region, period) in &rule.extension {
                self.duration(&format!("extension.{}.{region}", right.word()), Some(*period));
            }
        }
        if let Some(complaints) = &self.policy.complaints {
            for (region, period) in &complaints.reply {
                self.duration(&format!("complaints.reply.{region}"), Some(*period));
            }
            self.duration("complaints.escalate", complaints.escalate);
        }
    }

    fn durations(&mut self) {
        let it = self.policy;
        let all = [
            ("account.change_mind", it.account.as_ref().map(|it| it.change_mind)),
            ("storage.server_logs", it.storage.as_ref().map(|it| it.server_logs)),
            ("retention.sweep", it.retention.as_ref().map(|it| it.sweep)),
            ("security.rotate", it.security.as_ref().and_then(|it| it.rotate)),
            ("backup.every", it.backup.as_ref().map(|it| it.every)),
            ("backup.keep", it.backup.as_ref().map(|it| it.keep)),
            ("incident.authority", it.incident.as_ref().map(|it| it.authority)),
            ("incident.people", it.incident.as_ref().map(|it| it.people)),
            ("messages.reply", it.messages.as_ref().map(|it| it.reply)),
            ("messages.escalate", it.messages.as_ref().map(|it| it.escalate)),
            ("change.notice", it.change.as_ref().map(|it| it.notice)),
            ("succession.notice", it.succession.as_ref().map(|it| it.notice)),
            ("cessation.notice", it.cessation.as_ref().map(|it| it.notice)),
            ("cessation.export", it.cessation.as_ref().map(|it| it.export)),
            ("cessation.within", it.cessation.as_ref().map(|it| it.within)),
            ("banner.ask_again", it.banner.as_ref().and_then(|it| it.ask_again)),
        ];
        for (path, period) in all {
            self.duration(path, period);
        }
    }

    fn others(&mut self) {
        let policy = self.policy;
        if let Some(registration) = &policy.registration {
            self.categories_list("registration.required".to_owned(), registration.required.iter());
            self.categories_list("registration.optional".to_owned(), registration.optional.iter());
        }
        if let Some(minors) = &policy.minors {
            self.put("minors.ask_below", Value::Number(u32::from(minors.ask_below)));
            for (region, age) in &minors.guardian_below {
                self.put(format!("minors.{region}"), Value::Number(u32::from(*age)));
            }
        }
        for (id, cookie) in &policy.cookies {
            self.put(format!("lifetime.{id}"), Value::Lifetime(cookie.lifetime));
        }
    }
}

/// The words of a paper.
fn paper(word: &str) -> Localized {
    let zh = match word {
        "data-processing-agreement" => "数据处理协议",
        "commitment-letter" => "承诺书",
        "data-policy" => "数据处理规范",
        other => other,
    };
    Localized::new(word.replace('-', " ")).with("zh", zh)
}
