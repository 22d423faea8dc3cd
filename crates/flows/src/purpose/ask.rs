//! Asking: may this be done? Nothing is opened, and the question is counted, not recorded.

use decide::{Act, Form, PersonId, Request, Set, Timestamp};
use journal::Asked;
use serde::Serialize;

use super::named;
use crate::answer::{Said, Told, told};
use crate::book::Book;
use crate::limit::CATEGORIES_MAX;
use crate::security::Caller;
use crate::{Flows, Stop};

/// A question.
#[derive(Debug)]
pub struct Ask {
    /// About whom.
    pub person: PersonId,
    /// The act's word.
    pub act: String,
    /// For which purpose.
    pub purpose: String,
    /// With which categories.
    pub categories: Vec<String>,
    /// To whom; for a share, a transfer, a publication.
    pub recipient: Option<String>,
    /// In which form; for a share.
    pub form: Option<String>,
    /// Where to; for a transfer.
    pub to_region: Option<String>,
    /// Where from; for a collection.
    pub source: Option<String>,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// `all`, `part` or `none`.
    pub permit: &'static str,
    /// The clauses that decided.
    pub clauses: Vec<String>,
    /// What is refused, and why.
    pub refused: Vec<Told>,
}

/// Asks.
///
/// # Errors
/// `NotBound` when the key may not name the purpose, `Gone` once the person is erased.
pub async fn ask(
    flows: &Flows,
    caller: &Caller,
    ask: Ask,
    now: Timestamp,
) -> Result<Said<Verdict>, Stop> {
    let book = flows.book();
    let act = act(&book, caller, &ask)?;
    if ask.categories.len() > CATEGORIES_MAX {
        return Err(Stop::invalid("categories", format!("name at most {CATEGORIES_MAX}")));
    }
    let categories = book.categories(&ask.categories)?;
    let tx = flows.journal().begin(ask.person, Set::EMPTY).await?;
    let request = Request { act, categories };
    let asked = match tx.judge(book.rules(), request, caller.asker(), now) {
        Ok(tx) => tx.asked(),
        Err(tx) => tx.asked(),
    };
    Ok(Said::new(verdict(&asked), asked))
}

fn verdict(asked: &Asked) -> Verdict {
    let rules = asked.rules();
    let permit = match (asked.permitted(), asked.refused().is_empty()) {
        (None, _) => "none",
        (Some(_), true) => "all",
        (Some(_), false) => "part",
    };
    Verdict {
        permit,
        clauses: asked.clauses().iter().map(|it| rules.clause_id(*it).to_owned()).collect(),
        refused: told(rules, asked.refused()),
    }
}

fn act(book: &Book, caller: &Caller, ask: &Ask) -> Result<Act, Stop> {
    let purpose = named(book, caller, &ask.purpose)?;
    let names = book.rules().vocabulary();
    let recipient = || {
        let id = ask.recipient.as_deref().unwrap_or("");
        let say = "name a recipient that the policy declares";
        names.recipient(id).ok_or_else(|| Stop::invalid("recipient", say))
    };
    match ask.act.as_str() {
        "use" => Ok(Act::Use { purpose }),
        "collect" => {
            let source = book.source(ask.source.as_deref().unwrap_or("registration"))?;
            Ok(Act::Collect { purpose, source })
        }
        "share" => {
            let form = ask.form.as_deref().and_then(Form::from_word);
            let say = "use `aggregate`, `pseudonymous` or `identified`";
            let form = form.ok_or_else(|| Stop::invalid("form", say))?;
            // No register of agreements yet: none is in force.
            Ok(Act::Share { purpose, recipient: recipient()?, form, agreed: false })
        }
        "transfer" => {
            let (_, to) = book.region(ask.to_region.as_deref().unwrap_or(""))?;
            Ok(Act::Transfer { purpose, recipient: recipient()?, to })
        }
        "publish" => Ok(Act::Publish { purpose, recipient: recipient()? }),
        _ => Err(Stop::invalid("act", "use `use`, `collect`, `share`, `transfer` or `publish`")),
    }
}
