//! Looking at a guardian's link: it shows who asks and what is asked, and changes nothing, because mail
//! scanners follow links.

use decide::{Act, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Recorded};
use zeroize::Zeroize;

use super::contact::{by_phone, masked};
use super::link::{Link, answerable, hide};
use super::need;
use crate::account::named;
use crate::engine::{Case, again};
use crate::{Flows, Secret, Stop, when};

/// What a guardian sees before deciding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct LinkSeen {
    /// The case.
    pub case: String,
    /// Where it stands: `invited`, `reached`.
    pub state: String,
    /// The address of the child, as somebody recognises it who knows it.
    pub child: String,
    /// The region of the child.
    pub region: String,
    /// The address to which the code goes, in the same way; nothing where the guardian has to say one.
    pub sent_to: Option<String>,
    /// Whether a guardian who says by what to be reached may give a phone number.
    pub by_phone: bool,
    /// Until when the link is good.
    pub until: String,
    /// The version of the policy that is agreed to.
    pub version: u32,
    /// The hash of its rules.
    pub hash: String,
}

/// What a link shows.
///
/// # Errors
/// `NotFound` for what is no link, or none any more; `NotNow` for one that was answered.
pub async fn look(
    flows: &Flows,
    token: &Secret,
    now: Timestamp,
) -> Result<Recorded<LinkSeen>, Stop> {
    let link = Link::find(flows, token).await?;
    again!(once(flows, &link, now).await).map_err(hide)
}

async fn once(flows: &Flows, link: &Link, now: Timestamp) -> Result<Recorded<LinkSeen>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Guardian, link.case.to_string());
    let contact = book.category(named::GUARDIAN)?;
    let shown = Set::of(book.category(named::EMAIL)?).with(contact);
    let act = Act::Exercise { right: Right::Withdraw };
    let tx = flows.permit(&book, Case::of(link.child, act, shown, &asker), now).await?;
    let (row, about) = link.row(&tx).await?;
    answerable(&tx, &row)?;
    let opened = flows.vault().open(&tx)?;
    let own = opened.get(book.category(named::EMAIL)?).map(masked);
    let sent_to = opened.get(contact).map(masked);
    drop(opened);
    let owed = tx.owe(LinkSeen {
        case: link.case.to_string(),
        state: row.state,
        child: own.ok_or_else(|| need("the address of the child"))?,
        region: link.child.region().to_string(),
        sent_to,
        by_phone: about.handed && by_phone(flows),
        until: when(row.due),
        version: book.version(),
        hash: book.hash().to_owned(),
    });
    Ok(tx.record(owed).await?)
}
