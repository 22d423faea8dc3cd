//! Witnesses: small requests about imagined people, each with the answer that the declarations of one
//! clause call for. They are made from what the policy declares by name, and know no table of the rules.

use std::collections::BTreeSet;

use decide::spec::{Default as Standing, Minors, PurposeSpec, Role, ShareConsent, Spec, Widened};
use decide::{
    Account, Act, Age, Category, Dues, Facts, Form, Request, Right, Set, Timestamp, Vocabulary,
};

/// A request about an imagined person, and the answer that a clause calls for.
pub(super) struct Witness {
    /// The clause.
    pub(super) clause: String,
    /// What is asked, in ids.
    pub(super) asks: String,
    /// What is known of the person.
    pub(super) facts: Facts,
    /// What is asked.
    pub(super) request: Request,
    /// Whether the clause permits it, all of it.
    pub(super) permits: bool,
}

/// Makes the witnesses of a policy. A name that the installation does not know makes none.
pub(super) struct Maker<'a> {
    pub(super) spec: &'a Spec,
    pub(super) names: &'a Vocabulary,
    /// When: what is due is due before.
    pub(super) now: Timestamp,
    pub(super) made: Vec<Witness>,
}

impl Maker<'_> {
    /// All of them. Where an ending was announced nothing may be collected, whatever sources declare.
    pub(super) fn all(mut self, collects: bool) -> Vec<Witness> {
        let spec = self.spec;
        for (id, of) in &spec.purposes {
            for region in spec.regions.keys() {
                let made = self.purpose((id, of), region);
                self.made.extend(made.into_iter().flatten());
            }
        }
        if collects {
            let made: Vec<_> = spec.sources.keys().filter_map(|it| self.source(it)).collect();
            self.made.extend(made.into_iter().flatten());
        }
        let made: Vec<_> = spec.categories.keys().filter_map(|it| self.due(it)).collect();
        self.made.extend(made);
        let made: Vec<_> = spec.shares.keys().filter_map(|it| self.share(it)).collect();
        self.made.extend(made.into_iter().flatten());
        let made: Vec<_> = spec.transfers.keys().filter_map(|it| self.transfer(it)).collect();
        self.made.extend(made.into_iter().flatten());
        self.silence();
        let made: Vec<_> = [self.disclosures(), self.rights(), self.widened()].into();
        self.made.extend(made.into_iter().flatten().flatten());
        self.made
    }

    /// An adult with an account in use, who adopted whatever there is.
    fn person(&self, region: &str) -> Option<Facts> {
        let facts = Facts::new(self.names.region(region)?, Account::Active, u32::MAX);
        Some(Facts { age: Age::Adult, ..facts })
    }

    fn home(&self) -> Option<Facts> {
        self.person(self.spec.regions.keys().next()?)
    }

    fn categories(&self, ids: &BTreeSet<String>) -> Set<Category> {
        ids.iter().filter_map(|it| self.names.category(it)).collect()
    }

    /// Whoever said yes may be served with what is declared; with nothing else, not after a no, and as
    /// a minor only as far as the purpose says.
    fn purpose(&self, (id, of): (&str, &PurposeSpec), region: &str) -> Option<Vec<Witness>> {
        let purpose = self.names.purpose(id)?;
        let terms = of.regions.get(region).copied().unwrap_or(of.general);
        let person = self.person(region)?;
        let given = Facts { given: Set::of(purpose), ..person.clone() };
        let uses = self.categories(&of.uses);
        let ask = |facts: Facts, categories, clause: &str, word: &str, permits| Witness {
            clause: clause.to_owned(),
            asks: format!("use `{id}` in `{region}`: {word}"),
            facts,
            request: Request { act: Act::Use { purpose }, categories },
            permits,
        };
        let own = of.clause.as_str();
        let mut made = vec![ask(given.clone(), uses, own, "what is declared", true)];
        let other = self.spec.categories.keys().find(|it| !of.uses.contains(*it));
        if let Some(other) = other.and_then(|it| self.names.category(it)) {
            made.push(ask(given.clone(), Set::of(other), own, "what is not declared", false));
        }
        if terms.basis == decide::spec::Basis::Consent {
            let no = Facts { refused: Set::of(purpose), ..person.clone() };
            made.push(ask(no, uses, own, "after a no", false));
            if terms.default == Standing::Refused {
                made.push(ask(person, uses, own, "without a yes", false));
            }
        }
        if terms.minors == Minors::Never {
            let clause = self.spec.minors.as_ref().map_or(own, |it| it.clause.as_str());
            let minor = Facts { age: Age::MinorAgreed, ..given };
            made.push(ask(minor, uses, clause, "of a minor", false));
        }
        Some(made)
    }

    /// A source brings what names it, for what uses it, and nothing else.
    fn source(&self, id: &str) -> Option<Vec<Witness>> {
        let (of, source) = (self.spec.sources.get(id)?, self.names.source(id)?);
        let brings = |category: &str| {
            let named = self.spec.categories.get(category);
            named.is_some_and(|it| it.sources.contains(id))
                && of.brings.as_ref().is_none_or(|it| it.contains(category))
        };
        let serves = |purpose: &str| of.purposes.as_ref().is_none_or(|it| it.contains(purpose));
        let ask = |purpose: &str, category: &str, permits| {
            let (named, held) = (self.names.purpose(purpose)?, self.names.category(category)?);
            Some(Witness {
                clause: of.clause.clone(),
                asks: format!("collect `{category}` from `{id}` for `{purpose}`"),
                facts: Facts { given: Set::of(named), ..self.home()? },
                request: Request {
                    act: Act::Collect { purpose: named, source },
                    categories: Set::of(held),
                },
                permits,
            })
        };
        let pairs = || {
            let purposes = self.spec.purposes.iter().filter(|(it, _)| serves(it));
            purposes.flat_map(|(id, of)| of.uses.iter().map(move |it| (id, it)))
        };
        let yes = pairs().find(|(_, it)| brings(it)).and_then(|(p, c)| ask(p, c, true));
        let no = pairs().find(|(_, it)| !brings(it)).and_then(|(p, c)| ask(p, c, false));
        Some(yes.into_iter().chain(no).collect())
    }

    /// What is due is used for nothing.
    fn due(&self, id: &str) -> Option<Witness> {
        let category = self.names.category(id)?;
        let uses = self.spec.purposes.iter().find(|(_, it)| it.uses.contains(id));
        let purpose = self.names.purpose(uses?.0)?;
        let dues = Dues::new(vec![(category, self.now)]);
        Some(Witness {
            clause: self.spec.categories.get(id)?.keep_clause.clone(),
            asks: format!("use `{id}` on the day on which it goes"),
            facts: Facts { given: Set::of(purpose), dues, ..self.home()? },
            request: Request { act: Act::Use { purpose }, categories: Set::of(category) },
            permits: false,
        })
    }

    /// A share gives what it declares, on the consent that it declares, with papers where it needs them.
    fn share(&self, id: &str) -> Option<Vec<Witness>> {
        let of = self.spec.shares.get(id)?;
        let to = self.spec.recipients.get(&of.to)?;
        let (purpose, recipient) =
            (self.names.purpose(&of.purpose)?, self.names.recipient(&of.to)?);
        let person = match &to.region {
            Some(region) => self.person(region)?,
            None => self.home()?,
        };
        let given = Facts { given: Set::of(purpose), ..person };
        let agreed = Facts { shares: Set::of(self.names.share(id)?), ..given.clone() };
        let ask = |facts: Facts, papers, clause: &str, word: &str, permits| {
            let act = match to.role {
                Role::Public => Act::Publish { purpose, recipient },
                Role::Processor | Role::Controller | Role::Authority | Role::Successor => {
                    Act::Share { purpose, recipient, form: of.form, agreed: papers }
                }
            };
            Witness {
                clause: clause.to_owned(),
                asks: format!("share `{id}`: {word}"),
                facts,
                request: Request { act, categories: self.categories(&of.categories) },
                permits,
            }
        };
        let mut made = vec![ask(agreed.clone(), true, &of.clause, "with all that it takes", true)];
        // Another share may give the same, on another consent.
        let alike = |it: &&decide::spec::ShareSpec| {
            (&it.to, &it.purpose, it.form) == (&of.to, &of.purpose, of.form)
        };
        let alone = self.spec.shares.values().filter(alike).count() == 1;
        if of.consent == ShareConsent::Separate && alone {
            made.push(ask(given, true, &of.clause, "without a yes of its own", false));
        }
        if to.agreement && to.role != Role::Public {
            made.push(ask(agreed, false, &to.clause, "without papers", false));
        }
        Some(made)
    }

    /// A transfer takes a yes of its own.
    fn transfer(&self, id: &str) -> Option<Vec<Witness>> {
        let of = self.spec.transfers.get(id)?;
        let purpose = self.names.purpose(&of.purpose)?;
        let (recipient, to) = (self.names.recipient(&of.recipient)?, self.names.region(&of.to)?);
        let given = Facts { given: Set::of(purpose), ..self.person(&of.from)? };
        let agreed = Facts { transfers: Set::of(self.names.transfer(id)?), ..given.clone() };
        let categories = self.categories(&of.categories);
        let ask = |facts, word, permits| Witness {
            clause: of.clause.clone(),
            asks: format!("transfer `{id}`: {word}"),
            facts,
            request: Request { act: Act::Transfer { purpose, recipient, to }, categories },
            permits,
        };
        Some(vec![ask(agreed, "with a yes of its own", true), ask(given, "without one", false)])
    }

    /// Nothing leaves that no clause declares.
    fn silence(&mut self) {
        let spec = self.spec;
        let Some((purpose_id, of)) = spec.purposes.iter().next() else { return };
        for (act, clause) in &spec.silence {
            for to in spec.recipients.keys() {
                let shared =
                    spec.shares.values().any(|it| it.to == *to && it.purpose == *purpose_id);
                let sent = spec.transfers.values();
                let sent = sent.clone().any(|it| it.recipient == *to && it.purpose == *purpose_id);
                let made = self.undeclared((act, clause), (purpose_id, to), (shared, sent));
                let categories = self.categories(&of.uses);
                self.made.extend(
                    made.map(|it| Witness { request: Request { categories, ..it.request }, ..it }),
                );
            }
        }
    }

    fn undeclared(
        &self,
        (word, clause): (&str, &str),
        (purpose_id, to): (&str, &str),
        (shared, sent): (bool, bool),
    ) -> Option<Witness> {
        let (purpose, recipient) = (self.names.purpose(purpose_id)?, self.names.recipient(to)?);
        let form = Form::Identified;
        let act = match word {
            "share" if !shared => Act::Share { purpose, recipient, form, agreed: true },
            "publish" if !shared => Act::Publish { purpose, recipient },
            "transfer" if !sent => {
                let region = self.names.region(self.spec.regions.keys().next_back()?)?;
                Act::Transfer { purpose, recipient, to: region }
            }
            // The others need no recipient, or are declared.
            _ => return None,
        };
        Some(Witness {
            clause: clause.to_owned(),
            asks: format!("{word} to `{to}` for `{purpose_id}`, which nothing declares"),
            facts: Facts { given: Set::of(purpose), ..self.home()? },
            request: Request { act, categories: Set::EMPTY },
            permits: false,
        })
    }

    /// A disclosure takes what its ground needs, and enough people.
    fn disclosures(&self) -> Option<Vec<Witness>> {
        let category = self.names.category(self.spec.categories.keys().next()?)?;
        let mut made = Vec::new();
        for of in self.spec.disclosures.values() {
            let ask = |evidenced, approvers, word: &str, permits| {
                let act = Act::Disclose { ground: of.ground, evidenced, approvers };
                Some(Witness {
                    clause: of.clause.clone(),
                    asks: format!("disclose on `{}`: {word}", of.ground.word()),
                    facts: self.home()?,
                    request: Request { act, categories: Set::of(category) },
                    permits,
                })
            };
            made.push(ask(true, of.approvers, "with all that it takes", true)?);
            made.push(ask(false, of.approvers, "without evidence", false)?);
            if let Some(fewer) = of.approvers.checked_sub(1) {
                made.push(ask(true, fewer, "with too few people", false)?);
            }
        }
        Some(made)
    }

    /// Whoever is there can exercise every right that is declared.
    fn rights(&self) -> Option<Vec<Witness>> {
        let facts = self.home()?;
        let ask = |(right, clause): (&Right, &String)| Witness {
            clause: clause.clone(),
            asks: format!("exercise `{}`", right.word()),
            facts: facts.clone(),
            request: Request { act: Act::Exercise { right: *right }, categories: Set::EMPTY },
            permits: true,
        };
        Some(self.spec.rights.iter().map(|(right, it)| ask((right, &it.clause))).collect())
    }

    /// What a version widened is not applied to whoever has not adopted it.
    fn widened(&self) -> Option<Vec<Witness>> {
        let clause = self.spec.change.clone()?;
        let mut made = Vec::new();
        for of in &self.spec.widened {
            let Widened::Purpose(id) = &of.rule else { continue };
            let Some(purpose) = self.names.purpose(id) else { continue };
            let adopted = of.version.saturating_sub(1);
            made.push(Witness {
                clause: clause.clone(),
                asks: format!("use `{id}` as version {} widened it, before", of.version),
                facts: Facts { given: Set::of(purpose), adopted, ..self.home()? },
                request: Request {
                    act: Act::Use { purpose },
                    categories: self.categories(&of.categories),
                },
                permits: false,
            });
        }
        Some(made)
    }
}
