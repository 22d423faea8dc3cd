//! `kept people`: what an operator does for somebody who asked by another way than a page.

use clap::{Args, Subcommand};
use flows::rights::{self, Piece};
use flows::{Json, PersonId, Stop, retention};

use super::place::Place;
use super::{End, say};
use crate::clock::Clock;

/// Shows, exports or erases a person. Check first who is asking.
#[derive(Debug, Args)]
pub(crate) struct People {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show what is held.
    Show(One),
    /// Export everything as JSON; where it is much, in several documents, the newest first.
    Export(One),
    /// Erase at once, without the time to change one's mind.
    Erase(One),
}

#[derive(Debug, Args)]
struct One {
    /// The person's id: `per_cn_…`.
    person: String,
    #[command(flatten)]
    place: Place,
}

impl People {
    pub(crate) async fn run(self) -> Result<(), End> {
        let clock = Clock::wall();
        let one = match &self.verb {
            Verb::Show(one) | Verb::Export(one) | Verb::Erase(one) => one,
        };
        let wrong = || End::Wrong(format!("`{}` is no person's id: write `per_cn_…`", one.person));
        let person = PersonId::parse(&one.person).ok_or_else(wrong)?;
        let flows = one.place.open_there(&clock).await?;
        let now = clock.now();
        match &self.verb {
            Verb::Show(_) => {
                let recorded = rights::data(&flows, person, "en", now).await.map_err(end)?;
                say(&json(&recorded.into_inner()));
            }
            Verb::Export(_) => {
                let mut piece = Piece::first("en");
                loop {
                    let recorded = rights::export_piece(&flows, person, &piece, now).await;
                    let Json(export) = recorded.map_err(end)?.into_inner();
                    say(&json(&export));
                    piece.cursor = export.get("next").and_then(|it| it.as_str()).map(str::to_owned);
                    if piece.cursor.is_none() {
                        break;
                    }
                }
            }
            Verb::Erase(_) => {
                retention::erase_now(&flows, person, now).await.map_err(end)?;
                say(&format!("{person} is erased: the key is destroyed"));
            }
        }
        flows.sequence(clock.now()).await.map(drop).map_err(end)
    }
}

fn json(answer: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(answer).unwrap_or_default()
}

/// A stop, as the command line says it.
pub(super) fn end(stop: Stop) -> End {
    match stop {
        Stop::Gone => End::No("this person was erased: nothing of theirs can be opened".to_owned()),
        Stop::NotFound => End::No("there is nobody with this id".to_owned()),
        Stop::Refused(refused) => {
            let denied = refused.denied();
            End::No(format!("{} ({})", denied.detail, denied.clauses.join(", ")))
        }
        Stop::NotNow(say) => End::No(say),
        Stop::Invalid { field, say } => End::Wrong(format!("`{field}`: {say}")),
        Stop::NotBound(_)
        | Stop::Wrong
        | Stop::Taken
        | Stop::Stale
        | Stop::Replayed { .. }
        | Stop::Conflict
        | Stop::Full { .. }
        | Stop::Busy => End::No("it could not be done now; try again".to_owned()),
        Stop::Unreachable(why) | Stop::Broken(why) => End::Wrong(why),
    }
}
