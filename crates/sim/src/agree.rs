//! Whether the decision and its naive twin say the same.
//!
//! The same answer, and for each refused category a reason and a clause that the naive one lists too:
//! where several apply, the decision may give any of them.

use std::collections::BTreeSet;

use decide::limit::CITED_MAX;
use decide::{Category, Permit, Refusal, Refused, Ruleset, Set, decide};

use crate::naive::{self, Answer, Why};
use crate::world::World;

/// Asks both.
///
/// # Errors
/// What they disagree about.
pub fn agree(world: &World, rules: &Ruleset) -> Result<(), String> {
    let World { spec, names, facts, request, now } = world;
    let expected = naive::decide(spec, names, facts, request, *now);
    let twin = Twin { world, rules, expected };
    match decide(rules, facts, request, *now) {
        Ok(permit) => twin.permits(&permit),
        Err(refusal) => twin.refuses(&refusal),
    }
    .map_err(|what| format!("{what}; the naive answer is {:?}", twin.expected))
}

struct Twin<'a> {
    world: &'a World,
    rules: &'a Ruleset,
    expected: Answer,
}

impl Twin<'_> {
    fn permits(&self, permit: &Permit) -> Result<(), String> {
        let permitted = self.names(permit.categories());
        let same = self.expected.permitted() == Some(permitted);
        holds(same, || format!("permitted {:?}", permit.categories()))?;
        holds(permit.act() == self.world.request.act, || "another act".to_owned())?;
        holds(permit.now() == self.world.now, || "another instant".to_owned())?;
        let rest = self.parts(permit.refused())?;
        let asked = self.world.request.categories;
        holds(rest == asked.without(permit.categories()), || format!("refused {rest:?}"))?;
        let cited: BTreeSet<String> = permit.clauses().map(|it| self.clause(it)).collect();
        let rests_on = &self.expected.clauses;
        let full = cited.len() == CITED_MAX && cited.is_subset(rests_on);
        holds(cited == *rests_on || full, || format!("cited {cited:?}"))
    }

    fn refuses(&self, refusal: &Refusal) -> Result<(), String> {
        let refused = refusal.refused();
        holds(self.expected.permitted().is_none(), || format!("refused {refused:?}"))?;
        holds(refusal.act() == self.world.request.act, || "another act".to_owned())?;
        holds(refusal.now() == self.world.now, || "another instant".to_owned())?;
        let whole = self.parts(refused)?;
        holds(whole == self.world.request.categories, || format!("refused only {whole:?}"))?;
        let first = refused.first().map(|it| (it.reason, self.clause(it.clause)));
        let cited: Vec<String> = refusal.clauses().map(|it| self.clause(it)).collect();
        let said = Some((refusal.reason(), cited.first().cloned().unwrap_or_default()));
        holds(said == first, || format!("said {said:?} for {first:?}"))?;
        let clauses: BTreeSet<String> = refused.iter().map(|it| self.clause(it.clause)).collect();
        let missing = clauses.iter().any(|it| !cited.contains(it));
        holds(!missing || cited.len() == CITED_MAX, || format!("cited {cited:?}"))
    }

    /// What the parts concern together: each category stands in one of them, with a reason that holds.
    fn parts(&self, parts: &[Refused]) -> Result<Set<Category>, String> {
        let mut all = Set::EMPTY;
        for part in parts {
            let why = Why { reason: part.reason.word(), clause: self.clause(part.clause) };
            holds(part.categories.and(all).is_empty(), || format!("twice {part:?}"))?;
            all = all.union(part.categories);
            let named = self.names(part.categories);
            let explained = named.iter().all(|it| self.expected.explains(it, &why));
            holds(explained, || format!("gave {why:?} for {named:?}"))?;
            let act = named.is_empty();
            holds(!act || self.expected.barred.contains(&why), || format!("gave {why:?}"))?;
            let nothing_asked = self.world.request.categories.is_empty();
            holds(!act || nothing_asked, || "an empty part".to_owned())?;
        }
        Ok(all)
    }

    fn names(&self, categories: Set<Category>) -> BTreeSet<String> {
        categories.iter().map(|it| self.world.names.category_id(it).to_owned()).collect()
    }

    fn clause(&self, clause: decide::Clause) -> String {
        self.rules.clause_id(clause).to_owned()
    }
}

fn holds(it: bool, otherwise: impl Fn() -> String) -> Result<(), String> {
    if it { Ok(()) } else { Err(otherwise()) }
}
