//! The limit: for the same question the person's line is read and two words are compared. No rule, no
//! state, no reason, and so not the same answers.

use std::hint::black_box;

use decide::Act;

use super::{Input, Question};

fn looks_up(input: &Input, question: &Question) -> bool {
    let request = black_box(&question.request);
    let (Some(facts), Act::Use { purpose }) = (input.people.get(question.person), request.act)
    else {
        return false;
    };
    black_box(facts.given.has(purpose) && request.categories.within(input.rules.uses(purpose)))
}

pub(super) fn round(input: &Input) -> usize {
    input.questions.iter().filter(|it| looks_up(input, it)).count()
}
