//! What a version changes, in plain words and with the policy's own titles.

use std::collections::BTreeSet;

use super::{Change, Class};
use crate::kind::Kind;
use crate::localized::Localized;
use crate::phrase::{self, Value};
use crate::policy::Policy;

/// What changes, a sentence each, widenings first; words alone are left to the marked text.
pub fn plainly(changes: &[Change], (old, new): (&Policy, &Policy), language: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for change in changes {
        let both = (old, new);
        for sentence in sentences(change, both, language) {
            if !all.contains(&sentence) {
                all.push(sentence);
            }
        }
    }
    all
}

fn sentences(change: &Change, (old, new): (&Policy, &Policy), language: &str) -> Vec<String> {
    let Some((kind, id)) = &change.declared else { return Vec::new() };
    let zh = language.starts_with("zh");
    let said = if *kind == Kind::Purpose {
        purpose(change, (id, old, new), language)
    } else if *kind == Kind::Keep {
        keep(change, (id, new), language)
    } else {
        Vec::new()
    };
    if said.is_empty() { general(change, (old, new), (language, zh)) } else { said }
}

fn purpose(
    change: &Change,
    (id, old, new): (&str, &Policy, &Policy),
    language: &str,
) -> Vec<String> {
    let zh = language.starts_with("zh");
    let title =
        |it: &Policy| it.purposes.get(id).map(|it| it.title.in_language(language).to_owned());
    let uses = |it: &Policy| it.purposes.get(id).map(|it| it.uses.clone()).unwrap_or_default();
    let (before, after) = (uses(old), uses(new));
    match (title(old), title(new)) {
        (None, Some(title)) => {
            let list = titles(new, &after, language);
            vec![if zh {
                format!("新增用途“{title}”，使用：{list}。")
            } else {
                format!("New: “{title}”. It uses: {list}.")
            }]
        }
        (Some(title), None) => {
            vec![if zh {
                format!("不再有“{title}”这一用途。")
            } else {
                format!("“{title}” ends.")
            }]
        }
        (Some(_), Some(title)) if change.rule.rsplit('.').next() == Some("uses") => {
            let more: BTreeSet<String> = after.difference(&before).cloned().collect();
            let less: BTreeSet<String> = before.difference(&after).cloned().collect();
            let mut all = Vec::new();
            if !more.is_empty() {
                let list = titles(new, &more, language);
                all.push(if zh {
                    format!("“{title}”还可使用：{list}。")
                } else {
                    format!("“{title}” may also use: {list}.")
                });
            }
            if !less.is_empty() {
                let list = titles(old, &less, language);
                all.push(if zh {
                    format!("“{title}”不再使用：{list}。")
                } else {
                    format!("“{title}” no longer uses: {list}.")
                });
            }
            all
        }
        (Some(_), Some(title)) => match change.class {
            Class::Widening if zh => vec![format!("“{title}”的条件放宽。")],
            Class::Widening => vec![format!("“{title}” may be done on wider terms.")],
            Class::Narrowing if zh => vec![format!("“{title}”的条件收紧。")],
            Class::Narrowing => vec![format!("“{title}” may be done on stricter terms only.")],
            Class::Neutral | Class::Editorial => Vec::new(),
        },
        (None, None) => Vec::new(),
    }
}

fn keep(change: &Change, (id, new): (&str, &Policy), language: &str) -> Vec<String> {
    let zh = language.starts_with("zh");
    match change.class {
        Class::Widening | Class::Narrowing => {}
        Class::Neutral | Class::Editorial => return Vec::new(),
    }
    let title = new.categories.get(id).map(|it| it.title.in_language(language).to_owned());
    let Some((title, rule)) = title.zip(new.keep.get(id)) else { return Vec::new() };
    let how_long = phrase::keep(rule.after, rule.period, language);
    vec![if zh {
        format!("“{title}”今后的保存期限：{how_long}。")
    } else {
        format!("“{title}” is now kept {how_long}.")
    }]
}

/// The clause, and which way it goes.
fn general(
    change: &Change,
    (old, new): (&Policy, &Policy),
    (language, zh): (&str, bool),
) -> Vec<String> {
    let title = new.clause_title(&change.clause, language);
    let title = title.or_else(|| old.clause_title(&change.clause, language));
    let Some(title) = title else { return Vec::new() };
    match change.class {
        Class::Widening if zh => vec![format!("“{title}”：允许我们做得更多，或对您承诺得更少。")],
        Class::Widening => vec![format!("“{title}” lets us do more, or promises you less.")],
        Class::Narrowing if zh => vec![format!("“{title}”：允许我们做得更少，或对您承诺得更多。")],
        Class::Narrowing => vec![format!("“{title}” lets us do less, or promises you more.")],
        Class::Neutral | Class::Editorial => Vec::new(),
    }
}

/// The titles of categories, as a list.
fn titles(policy: &Policy, ids: &BTreeSet<String>, language: &str) -> String {
    let all: Vec<Localized> =
        ids.iter().filter_map(|it| policy.categories.get(it)).map(|it| it.title.clone()).collect();
    phrase::render(&Value::List(all), language)
}
