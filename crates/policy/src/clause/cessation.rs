//! The end of a product or of the service.

use std::collections::BTreeSet;

use super::account::Ending;
use crate::duration::Duration;
use crate::kind::Kind;
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Reading};
use crate::word::words;

words!(
    /// How people are told.
    By {
        /// By email.
        Email = "email",
        /// By push message.
        Push = "push",
        /// By an announcement on the site.
        Announcement = "announcement",
    }
);

/// The end of a product or of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cessation {
    /// The clause that declares it.
    pub clause: String,
    /// How long before people are told.
    pub notice: Duration,
    /// How they are told.
    pub by: BTreeSet<By>,
    /// How long they can take their data away.
    pub export: Duration,
    /// What becomes of the data then.
    pub then: Ending,
    /// Within which time.
    pub within: Duration,
}

pub(crate) fn cessation(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.cessation = Some(Cessation {
        clause: fields.clause(),
        notice: fields.need_duration("notice"),
        by: fields.need_words("by"),
        export: fields.need_duration("export"),
        then: fields.need_word("then").unwrap_or(Ending::Delete),
        within: fields.need_duration("within"),
    });
}

/// A product that can end by itself: what is collected for it then stops, and what is held for it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// Purposes that are its own.
    pub purposes: BTreeSet<String>,
    /// Categories that are held for it and for nothing else.
    pub categories: BTreeSet<String>,
}

pub(crate) fn product(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let purposes = fields.need_names("purposes", Kind::Purpose);
    let categories = fields.need_names("categories", Kind::Category);
    let clause = fields.clause();
    policy.products.insert(fields.id(), Product { clause, title, purposes, categories });
}

/// What ends with a product serves nothing that goes on: else its end would break that.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    for (id, product) in &policy.products {
        let others = policy.purposes.iter().filter(|it| !product.purposes.contains(it.0));
        for (purpose, declared) in others {
            for category in product.categories.intersection(&declared.uses) {
                let at = reading.spot(Kind::Product, id, "categories");
                let message = format!(
                    "`{category}` goes when product `{id}` ends, and purpose `{purpose}` uses it too"
                );
                let uses = reading.spot(Kind::Purpose, purpose, "uses");
                let fault = reading.faults.error("product-shares-category", at, message);
                fault.also(uses, "used here").help(format!(
                    "take `{category}` out of the product, or `{purpose}` into its purposes"
                ));
            }
        }
        if policy.cessation.is_none() {
            let at = reading.spot(Kind::Product, id, "title");
            let message = format!("product `{id}` can end, and no clause says how");
            let fault = reading.faults.error("product-without-end", at, message);
            fault.help("declare `[cessation]`");
        }
    }
}
