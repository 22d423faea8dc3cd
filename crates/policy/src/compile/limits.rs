//! What is too much.

use crate::diagnostic::At;
use crate::folder::Folder;
use crate::kind::Kind;
use crate::limit::{
    CATEGORIES_MAX, DECLARATIONS_MAX, FILES_MAX, PURPOSES_MAX, RECIPIENTS_MAX, SHARES_MAX,
    SOURCE_BYTES_MAX, SOURCES_MAX, TRANSFERS_MAX,
};
use crate::policy::Policy;
use crate::read::Reading;

/// Whether a folder is small enough to be looked at.
pub(super) fn source(folder: &Folder, reading: &mut Reading) -> bool {
    let bytes: usize = folder.files.values().map(String::len).fold(0, usize::saturating_add);
    let files = folder.files.len();
    for (what, found, most) in [("bytes", bytes, SOURCE_BYTES_MAX), ("files", files, FILES_MAX)] {
        if found > most {
            let message = format!("the folder has {found} {what}, {most} are allowed");
            let fault = reading.faults.error("over-limit", At::NOWHERE, message);
            fault.help("take out what does not belong to the policy");
            return false;
        }
    }
    true
}

/// Reports kinds of declaration of which there are too many.
pub(super) fn declarations(policy: &Policy, reading: &mut Reading) {
    let all = [
        (Kind::Category, policy.categories.len(), CATEGORIES_MAX),
        (Kind::Purpose, policy.purposes.len(), PURPOSES_MAX),
        (Kind::Recipient, policy.recipients.len(), RECIPIENTS_MAX),
        (Kind::Source, policy.sources.len(), SOURCES_MAX),
        (Kind::Share, policy.shares.len(), SHARES_MAX),
        (Kind::Transfer, policy.transfers.len(), TRANSFERS_MAX),
        (Kind::Event, policy.events.len(), DECLARATIONS_MAX),
        (Kind::Cookie, policy.cookies.len(), DECLARATIONS_MAX),
        (Kind::Agreement, policy.agreements.len(), DECLARATIONS_MAX),
        (Kind::Product, policy.products.len(), DECLARATIONS_MAX),
    ];
    for (kind, found, most) in all {
        if found > most {
            // Comparing everything with everything could take long now.
            reading.broken = true;
            let last = reading.places.iter().filter(|it| it.0.0 == kind).map(|it| it.1.at).max();
            let message =
                format!("the policy declares {found} times `{}`, {most} are allowed", kind.word());
            let fault = reading.faults.error("over-limit", last.unwrap_or_default(), message);
            fault.help("merge some of them");
        }
    }
}
