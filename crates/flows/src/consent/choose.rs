//! Answering: yes and no to each purpose. A no of a browser that nobody knows leaves no identifier
//! and no row: it is counted, and that is all.

use std::sync::Arc;

use decide::{Account, Act, Facts, PersonId, Purpose, RegionCode, Right, Set, Signals, Timestamp};
use journal::{Asker, AskerKind, Permit, Recorded, Role, Tx, Write};
use zeroize::Zeroize;

use super::receipt::{Receipt, receipt};
use super::{Token, text_hash};
use crate::answer::Json;
use crate::book::Book;
use crate::change::{Said, answered};
use crate::engine::{Case, Idempotency, again, refused, remember};
use crate::limit::CHOICES_MAX;
use crate::retention::ERASE;
use crate::{Acting, Flows, Secret, Stop};

/// Who answers.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    /// Somebody who is known: a person, or a browser that agreed to something.
    Known(PersonId),
    /// The guardian of a child.
    Guardian(Acting),
    /// A browser that nobody knows.
    Nobody,
}

/// An answer to the banner, or a change of mind.
#[derive(Debug)]
pub struct Choose {
    /// Who answers.
    pub who: Who,
    /// Each purpose with `given` or `refused`; what is not named stays as it was.
    pub choices: Vec<(String, String)>,
    /// The hash of what was shown.
    pub text_hash: String,
    /// The language in which it was shown.
    pub language: String,
    /// What the browser signals.
    pub signals: Signals,
    /// Where it was asked: `banner`, `privacy-centre`, `registration`.
    pub screen: String,
    /// The client's idempotency key; a refusal of a browser that nobody knows has none.
    pub idempotency: Option<Idempotency>,
}

/// What came of it.
#[derive(Debug)]
pub enum Answered {
    /// On the record, with the receipt.
    Known(Recorded<Receipted>),
    /// A refusal that left nothing: its receipt has no id.
    Nobody(Json),
}

/// The receipt, and the secret of a browser that is known from now on.
#[derive(Debug, Clone, serde::Serialize, Zeroize)]
pub struct Receipted {
    /// The receipt.
    #[serde(flatten)]
    pub receipt: Json,
    /// For a browser that is known from now on: what it is known by. It goes into a cookie.
    #[serde(skip)]
    pub browser: Option<Secret>,
}

const OK: u16 = 200;

/// Answers.
///
/// # Errors
/// `Stale` when what was shown is not what is in force.
pub async fn choose(flows: &Flows, ask: Choose, now: Timestamp) -> Result<Answered, Stop> {
    let book = flows.book();
    let region = match ask.who {
        Who::Known(person) => person.region(),
        Who::Guardian(who) => who.person().region(),
        Who::Nobody => book.home().ok_or_else(|| Stop::Broken("no home region".to_owned()))?,
    };
    let shown = shown(flows, &book, (region, &ask), now)?;
    let picked = Picked::read(&shown, region, &ask)?;
    match ask.who {
        Who::Known(person) => answer(flows, &shown, (&ask, person.into(), &picked), now).await,
        Who::Guardian(who) => answer(flows, &shown, (&ask, who, &picked), now).await,
        Who::Nobody if picked.given.is_empty() => {
            flows.journal().scratch().count("consent-refused", now);
            let shown = Receipt { book: &book, region, person: None, ask: &ask, picked: &picked };
            Ok(Answered::Nobody(receipt(flows, &shown, now)))
        }
        // A yes would make somebody known of whom nothing is collected any more.
        Who::Nobody if crate::cessation::is_over(&book) => Err(Stop::NotNow(
            "the service has ended: nothing is collected, and there is nothing to agree to"
                .to_owned(),
        )),
        Who::Nobody => {
            flows.replayed(region, ask.idempotency.as_ref(), now).await?;
            visitor(flows, &book, (&ask, region, &picked), now).await.map(Answered::Known)
        }
    }
}

/// The version whose words were shown: the one in force, or the one that is announced, to which
/// whoever is known may answer before its day.
fn shown(
    flows: &Flows,
    book: &Arc<Book>,
    (region, ask): (RegionCode, &Choose),
    now: Timestamp,
) -> Result<Arc<Book>, Stop> {
    let is = |it: &Book| ask.text_hash == text_hash(it, region, it.language(&ask.language));
    if is(book) {
        return Ok(Arc::clone(book));
    }
    let next = crate::change::upcoming(flows, now).filter(|it| is(it));
    next.filter(|_| !matches!(ask.who, Who::Nobody)).ok_or(Stop::Stale)
}

/// What was picked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picked {
    pub(super) given: Set<Purpose>,
    pub(super) refused: Set<Purpose>,
}

impl Picked {
    fn read(book: &Book, region: RegionCode, ask: &Choose) -> Result<Self, Stop> {
        if ask.choices.is_empty() || ask.choices.len() > CHOICES_MAX {
            return Err(Stop::invalid("choices", "answer to at least one purpose"));
        }
        let open = book.choices(region);
        let mut picked = Self { given: Set::EMPTY, refused: Set::EMPTY };
        for (id, word) in &ask.choices {
            let Some((_, purpose)) = open.iter().find(|(it, _)| it == id) else {
                let say = "this purpose does not wait for consent; leave it out";
                return Err(Stop::invalid(format!("choices.{id}"), say));
            };
            match word.as_str() {
                // A signal that refuses counts as a no, whatever the page sent.
                "given" if signalled(book, region, (id, ask.signals)) => {
                    picked.refused = picked.refused.with(*purpose);
                }
                "given" => picked.given = picked.given.with(*purpose),
                "refused" => picked.refused = picked.refused.with(*purpose),
                _ => {
                    return Err(Stop::invalid(format!("choices.{id}"), "use `given` or `refused`"));
                }
            }
        }
        Ok(picked)
    }
}

fn signalled(book: &Book, region: RegionCode, (id, signals): (&str, Signals)) -> bool {
    let Some(purpose) = book.policy().purposes.get(id) else { return false };
    let terms = purpose.terms(region.as_str());
    let refuses = |effect| effect == decide::spec::Effect::Refuse;
    (signals.gpc() && refuses(terms.gpc)) || (signals.dnt() && refuses(terms.dnt))
}

/// Somebody who is known answers, or whoever answers for them.
async fn answer(
    flows: &Flows,
    book: &Book,
    (ask, who, picked): (&Choose, Acting, &Picked),
    now: Timestamp,
) -> Result<Answered, Stop> {
    flows.replayed(who.person().region(), ask.idempotency.as_ref(), now).await?;
    again!(known(flows, book, (ask, who, picked), now).await).map(Answered::Known)
}

async fn known(
    flows: &Flows,
    book: &Book,
    (ask, who, picked): (&Choose, Acting, &Picked),
    now: Timestamp,
) -> Result<Recorded<Receipted>, Stop> {
    let asker = who.asker();
    let act = Act::Exercise { right: Right::Withdraw };
    let case = Case::of(who.person(), act, Set::EMPTY, &asker);
    let mut tx = flows.permit(&flows.book(), case, now).await?;
    let anew = book.purpose_ids(picked.given.without(tx.facts().given));
    let (region, in_force) = (who.person().region(), flows.book());
    if !anew.iter().all(|id| permits_no_more(&in_force, (book, id), region)) {
        let say = "a purpose changes with a version of the policy that is announced: agree to it from its \
                   day on";
        return Err(Stop::NotNow(say.to_owned()));
    }
    crate::minors::may_agree(book, (&tx, who), picked.given)?;
    crate::minors::answered(&mut tx).await?;
    renew(book, &mut tx, now).await?;
    finish(flows, book, (tx, ask, picked), None).await
}

/// Whether a yes to the words that were shown may count under the policy in force: it counts at once,
/// so that those may not do more with it.
fn permits_no_more(in_force: &Book, (shown, id): (&Book, &str), region: RegionCode) -> bool {
    let (now, then) = (in_force.policy().purposes.get(id), shown.policy().purposes.get(id));
    let (Some(now), Some(then)) = (now, then) else { return true };
    now.uses.is_subset(&then.uses) && now.terms(region.as_str()) == then.terms(region.as_str())
}

/// A browser is known for as long as its cookie lasts after the last choice, and not a day longer: what
/// it left goes by itself.
async fn renew(book: &Book, tx: &mut Tx<Permit>, now: Timestamp) -> Result<(), Stop> {
    if tx.facts().account != Account::Visitor {
        return Ok(());
    }
    let expires = now.plus_millis(Token::Browser.stored(book, now));
    for row in tx.sessions().await? {
        tx.stage(Write::EndSession(row.hash));
        tx.stage(Write::Session { hash: row.hash, expires, label: row.label, role: row.role });
    }
    tx.stage(Write::Job { kind: ERASE, due: expires });
    Ok(())
}

async fn visitor(
    flows: &Flows,
    book: &Book,
    (ask, region, picked): (&Choose, RegionCode, &Picked),
    now: Timestamp,
) -> Result<Recorded<Receipted>, Stop> {
    let (region, position) = book.region(region.as_str())?;
    let person = PersonId::new(region, flows.journal().new_id(now));
    let facts = Facts::new(position, Account::Visitor, book.version());
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::Withdraw };
    let request = decide::Request { act, categories: Set::EMPTY };
    let tx = flows.journal().begin_new(person, facts);
    let mut tx = match tx.judge(book.rules(), request, asker, now) {
        Ok(tx) => tx,
        Err(tx) => return Err(refused(tx).await),
    };
    tx.stage(Write::Create { key: flows.vault().new_person(person)? });
    let browser = Secret::fresh(flows.vault(), "")?;
    let expires = now.plus_millis(Token::Browser.stored(book, now));
    let (label, role) = ("browser".to_owned(), Role::Person);
    tx.stage(Write::Session { hash: browser.hash(), expires, label, role });
    // When the browser is not known any more, nobody is: what it left goes.
    tx.stage(Write::Job { kind: ERASE, due: expires });
    finish(flows, book, (tx, ask, picked), Some(browser)).await
}

async fn finish(
    flows: &Flows,
    book: &Book,
    (mut tx, ask, picked): (Tx<Permit>, &Choose, &Picked),
    browser: Option<Secret>,
) -> Result<Recorded<Receipted>, Stop> {
    let (person, now) = (tx.person(), tx.permit().now());
    let facts = tx.facts();
    let given = facts.given.without(picked.refused).union(picked.given);
    let refused = facts.refused.without(picked.given).union(picked.refused);
    let facts = Facts { given, refused, ..facts.clone() };
    tx.stage(Write::Consent { given, refused });
    let (to, transfers) = (picked.given.union(picked.refused), Set::EMPTY);
    let said = Said { to, transfers, shown: book.version(), facts };
    let change = answered(flows, &mut tx, said, now).await?;
    let shown = Receipt { book, region: person.region(), person: Some(person), ask, picked };
    let receipt = receipt(flows, &shown, now);
    tx.note(match change {
        Some(change) => serde_json::json!({ "receipt": receipt.0, "change": change }),
        None => serde_json::json!({ "receipt": receipt.0 }),
    });
    remember(
        (flows, &mut tx),
        ask.idempotency.as_ref().filter(|_| browser.is_none()),
        OK,
        &receipt,
    )?;
    let owed = tx.owe(Receipted { receipt, browser });
    Ok(tx.record(owed).await?)
}
