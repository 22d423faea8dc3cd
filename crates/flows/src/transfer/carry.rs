//! A move: who has a new account in another region hands values over to it. They leave under the
//! permit of a transfer that was agreed to, and come in under the other account's own; what is not
//! permitted on both sides stays where it is.

use decide::spec::Role;
use decide::{Act, Category, PersonId, Set, Timestamp};
use journal::{Asker, AskerKind, Recorded};
use policy::clause::collection::SourceKind;
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroize;

use super::token::{check, once};
use super::{Named, named};
use crate::account::{Given, named as ids, stage};
use crate::answer::{Fields, Told, told};
use crate::book::Book;
use crate::engine::{Case, again, refused, remember};
use crate::{Flows, Plain, Secret, Stop};

/// A handing over.
#[derive(Debug)]
pub struct Carry {
    /// Who hands over: whoever is signed in.
    pub from: PersonId,
    /// Under which transfer.
    pub transfer: String,
    /// The new account.
    pub to: PersonId,
    /// The token that the new account gave out.
    pub token: Secret,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Carried {
    /// The categories whose values the new account has now.
    pub carried: Vec<String>,
    /// What stays, and why.
    pub stays: Vec<Told>,
}

const OK: u16 = 200;

/// Hands values over to a new account.
///
/// # Errors
/// `Refused` where no transfer is declared, or none was agreed to; `Wrong` for a token that the new
/// account did not give out; `NotNow` where nothing is left to hand over.
pub async fn carry(flows: &Flows, ask: Carry, now: Timestamp) -> Result<Recorded<Carried>, Stop> {
    let book = flows.book();
    let transfer = named(&book, &ask.transfer)?;
    if !flows.regions().contains(&ask.to.region()) {
        return Err(Stop::Wrong);
    }
    let once = once(&ask.token, [&ask.from.to_string(), &ask.to.to_string(), transfer.id]);
    // What was done is answered again, however old the token is by then.
    match flows.replayed(ask.to.region(), Some(&once), now).await {
        // It was used for another handing over.
        Err(Stop::Invalid { .. }) => return Err(Stop::Wrong),
        done => done?,
    }
    check(flows, (ask.to, &ask.token), now)?;
    if ask.from.region() == ask.to.region() {
        let say = "both accounts are in the same region; there is nothing to hand over";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let move_ = Move { flows, book: &book, ask: &ask, transfer, now };
    let plan = move_.plan().await?;
    let values = again!(move_.hand_over(plan.goes).await)?.into_inner();
    again!(move_.take_in(&plan, &values, &once).await)
}

/// What goes, and what stays and why.
struct Plan {
    goes: Set<Category>,
    stays: Vec<Told>,
}

struct Move<'a> {
    flows: &'a Flows,
    book: &'a Book,
    ask: &'a Carry,
    transfer: Named<'a>,
    now: Timestamp,
}

impl Move<'_> {
    fn asker() -> Asker {
        Asker::new(AskerKind::Person, "self")
    }

    /// What both sides permit. Nothing is opened; a refusal of either is on its record.
    async fn plan(&self) -> Result<Plan, Stop> {
        let (flows, book) = (self.flows, self.book);
        let asker = Self::asker();
        let covered = book.categories(&self.transfer.declared.categories)?;
        let act = self.transfer.act(book, self.ask.to.region())?;
        let case = Case::of(self.ask.from, act, covered, &asker);
        let tx = flows.permit(book, Case { wanted: Set::EMPTY, ..case }, self.now).await?;
        self.stays_ours()?;
        let held: Set<Category> = tx.values().iter().map(|it| it.category).collect();
        let mut stays = told(tx.rules(), tx.permit().refused());
        stays.retain(|it| it.category.as_ref().is_none_or(|it| has(book, held, it)));
        let leaves = tx.permit().categories().and(held).and(covered);
        drop(tx.asked());
        stays.extend(self.uncovered(held.without(covered)).await?);
        let there = flows.journal().begin(self.ask.to, Set::EMPTY).await?;
        let has: Set<Category> = there.values().iter().map(|it| it.category).collect();
        let never = never(book);
        stays.extend(self.keeps(leaves.and(has), "held-there"));
        stays.extend(self.keeps(leaves.and(never).without(has), "asked-there"));
        let goes = leaves.without(has).without(never);
        if goes.is_empty() {
            let say = "the new account has everything already that this transfer covers";
            return Err(Stop::NotNow(say.to_owned()));
        }
        let request = decide::Request { act: self.collecting()?, categories: goes };
        let there = match there.judge(book.rules(), request, asker, self.now) {
            Ok(tx) => tx,
            Err(tx) => return Err(refused(tx).await),
        };
        stays.extend(told(there.rules(), there.permit().refused()));
        let goes = there.permit().categories();
        drop(there.asked());
        Ok(Plan { goes, stays })
    }

    /// What no transfer covers, with the clauses that say so.
    async fn uncovered(&self, rest: Set<Category>) -> Result<Vec<Told>, Stop> {
        if rest.is_empty() {
            return Ok(Vec::new());
        }
        let (flows, book) = (self.flows, self.book);
        let act = self.transfer.act(book, self.ask.to.region())?;
        let tx = flows.journal().begin(self.ask.from, Set::EMPTY).await?;
        let request = decide::Request { act, categories: rest };
        let asked = match tx.judge(book.rules(), request, Self::asker(), self.now) {
            Ok(tx) => tx.asked(),
            Err(tx) => tx.asked(),
        };
        Ok(told(asked.rules(), asked.refused()))
    }

    /// What a processor has, it has for us: there the account is ours as it is here. What goes to
    /// anybody else is sent, and is no account of ours.
    fn stays_ours(&self) -> Result<(), Stop> {
        let to = self.book.policy().recipients.get(&self.transfer.declared.recipient);
        if to.is_some_and(|it| it.role == Role::Processor) {
            return Ok(());
        }
        let say =
            "this transfer goes to somebody else, and to no account of ours; it is sent instead";
        Err(Stop::NotNow(say.to_owned()))
    }

    /// The person brings the values along, for what they were agreed to be sent for.
    fn collecting(&self) -> Result<Act, Stop> {
        let purpose = self.book.purpose(&self.transfer.declared.purpose)?;
        let source = self.book.source_of(SourceKind::Person)?;
        Ok(Act::Collect { purpose, source })
    }

    fn keeps(&self, categories: Set<Category>, reason: &'static str) -> Vec<Told> {
        let (detail, remedy) = match reason {
            "held-there" => {
                ("the new account has a value of its own", "change it there, where it is held")
            }
            _ => {
                ("the new account asks for this itself", "hand it in there, where it is asked for")
            }
        };
        let clause = &self.transfer.declared.clause;
        let one = |category: String| Told {
            category: Some(category),
            clauses: vec![clause.clone()],
            reason: reason.to_owned(),
            detail: detail.to_owned(),
            remedy: remedy.to_owned(),
        };
        self.book.category_ids(categories).into_iter().map(one).collect()
    }

    /// Here: opened under the permit, and on the record before anything is written there.
    async fn hand_over(&self, goes: Set<Category>) -> Result<Recorded<Fields>, Stop> {
        let (flows, book, asker) = (self.flows, self.book, Self::asker());
        let act = self.transfer.act(book, self.ask.to.region())?;
        let case = Case::of(self.ask.from, act, goes, &asker);
        let mut tx = flows.permit(book, case, self.now).await?;
        let (transfer, to) = (self.transfer.id, self.ask.to.to_string());
        tx.note(json!({ "carried": { "transfer": transfer, "to": to } }));
        let owed = flows.vault().open(&tx)?.into_pending(|opened| {
            let id = |it| book.category_id(it).to_owned();
            Fields(opened.iter().map(|(it, value)| (id(it), value.to_owned())).collect())
        });
        Ok(tx.record(owed).await?)
    }

    /// There: collected under the new account's own permit, with its own record.
    async fn take_in(
        &self,
        plan: &Plan,
        values: &Fields,
        once: &crate::Idempotency,
    ) -> Result<Recorded<Carried>, Stop> {
        let (flows, book, asker) = (self.flows, self.book, Self::asker());
        let act = self.collecting()?;
        let case = Case::of(self.ask.to, act, plan.goes, &asker);
        let mut tx = flows.permit(book, case, self.now).await?;
        let source = book.source_of(SourceKind::Person)?;
        let (mut carried, mut dues) = (Vec::new(), Vec::new());
        for (id, value) in &values.0 {
            let category = book.category(id)?;
            // Handed in there meanwhile: what the account has of its own stands.
            let has = tx.values().iter().any(|it| it.category == category);
            if has || !tx.permit().categories().has(category) {
                continue;
            }
            let value = Plain::new(value.clone());
            let given = Given { category, value: &value, source };
            dues.extend(stage(flows, book, &mut tx, &given, self.now)?);
            if id == ids::PHONE {
                let account = tx.facts().account;
                crate::account::phone_came_in(flows, book, (&mut tx, account));
            }
            carried.push(id.clone());
        }
        crate::retention::schedule(&mut tx, &dues);
        let (transfer, from) = (self.transfer.id, self.ask.from.to_string());
        tx.note(json!({ "carried": { "transfer": transfer, "from": from } }));
        let answer = Carried { carried, stays: plan.stays.clone() };
        remember((flows, &mut tx), Some(once), OK, &answer)?;
        let owed = tx.owe(answer);
        Ok(tx.record(owed).await?)
    }
}

fn has(book: &Book, held: Set<Category>, id: &str) -> bool {
    book.category(id).is_ok_and(|it| held.has(it))
}

/// What an account asks for itself and proves, and is never handed over: who one is, how old, and by
/// whose agreement.
fn never(book: &Book) -> Set<Category> {
    let own = [ids::EMAIL, ids::PASSWORD, ids::BIRTH_DATE, ids::GUARDIAN];
    let own = own.iter().filter_map(|it| book.category(it).ok());
    let logs =
        book.all_categories().iter().filter(|it| book.declared(*it).is_some_and(|it| it.events));
    own.chain(logs).collect()
}
