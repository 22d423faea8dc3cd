//! Making a person's data public.

use std::collections::BTreeSet;

use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::Fields;
use crate::word::{Word, words};

words!(
    /// What a person is told before.
    Told {
        /// What for.
        Purpose = "purpose",
        /// Which kind of data.
        Type = "type",
        /// What of it is sensitive.
        Sensitive = "sensitive",
    }
);
words!(
    /// The consent that it rests on.
    Separate { #[doc = "One of its own."] Separate = "separate" }
);

/// Making data public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The clause that declares it.
    pub clause: String,
    /// What a person is told before.
    pub tells: BTreeSet<Told>,
}

pub(crate) fn publication(policy: &mut Policy, fields: &mut Fields<'_>) {
    let tells: BTreeSet<Told> = fields.need_words("tells");
    if fields.has("tells") && tells.len() < Told::all().len() {
        let at = fields.reading.spot(Kind::Publication, "", "tells");
        let message = "a person is not told all before data is made public";
        let fault = fields.reading.faults.error("publication-untold", at, message);
        fault.help("write `tells = [\"purpose\", \"type\", \"sensitive\"]`");
    }
    fields.need_word::<Separate>("consent");
    policy.publication = Some(Publication { clause: fields.clause(), tells });
}
