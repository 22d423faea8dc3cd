//! Whether a vocabulary has the names of what a record holds by position.

use decide::set::Interned;
use decide::vocabulary::Kind;
use decide::{Act, Facts, Set, Vocabulary};

use super::code::NO_REGION;
use super::{Finding, Record};

/// The bits of a kind that have names.
pub(super) fn named(names: &Vocabulary, kind: Kind) -> u64 {
    let most = u32::try_from(names.names(kind).len()).unwrap_or(u64::BITS);
    1_u64.checked_shl(most).map_or(u64::MAX, |it| it.wrapping_sub(1))
}

/// What of a set has names.
pub(super) fn within<T>(set: Set<T>, names: &Vocabulary, kind: Kind) -> Set<T> {
    set.and(Set::from_bits(named(names, kind)))
}

/// Whether all of a record has names.
pub(super) fn knows(record: &Record<'_>, names: &Vocabulary) -> bool {
    facts(&record.facts, names) && record.findings.iter().all(|it| finding(it, names))
}

fn has(thing: impl Interned, names: &Vocabulary, kind: Kind) -> bool {
    usize::from(thing.position()) < names.names(kind).len()
}

fn all<T>(set: Set<T>, names: &Vocabulary, kind: Kind) -> bool {
    set.bits() & !named(names, kind) == 0
}

fn facts(facts: &Facts, names: &Vocabulary) -> bool {
    let region = facts.region.position() == NO_REGION || has(facts.region, names, Kind::Region);
    region
        && all(facts.given, names, Kind::Purpose)
        && all(facts.refused, names, Kind::Purpose)
        && all(facts.objected, names, Kind::Purpose)
        && all(facts.shares, names, Kind::Share)
        && all(facts.transfers, names, Kind::Transfer)
        && all(facts.dues.held(), names, Kind::Category)
        && facts.dues.iter().all(|(category, _)| has(category, names, Kind::Category))
}

fn finding(finding: &Finding<'_>, names: &Vocabulary) -> bool {
    let refused = finding.refused.iter().all(|it| all(it.categories, names, Kind::Category));
    let purpose = finding.purpose().is_none_or(|it| has(it, names, Kind::Purpose));
    let act = match finding.act {
        Act::Collect { source, .. } => has(source, names, Kind::Source),
        Act::Share { recipient, .. } | Act::Publish { recipient, .. } => {
            has(recipient, names, Kind::Recipient)
        }
        Act::Transfer { recipient, to, .. } => {
            has(recipient, names, Kind::Recipient) && has(to, names, Kind::Region)
        }
        Act::Use { .. } | Act::Disclose { .. } | Act::Exercise { .. } => true,
    };
    refused && purpose && act && all(finding.permitted.unwrap_or_default(), names, Kind::Category)
}
