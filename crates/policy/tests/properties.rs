//! What holds for every text.

#![cfg(test)]

#[path = "support/folders.rs"]
mod support;

use policy::{Duration, Folder, compile};
use proptest::prelude::*;

/// Pieces that a policy is made of, and some that it is not.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("+++\n".to_owned()),
        Just("```kept\n".to_owned()),
        Just("```\n".to_owned()),
        Just("# Part\n".to_owned()),
        Just("## Clause {#clause}\n".to_owned()),
        Just("[category.email]\n".to_owned()),
        Just("[purpose.service]\nuses = [\"email\"]\n".to_owned()),
        Just("[silence]\nacts = [\"share\"]\n".to_owned()),
        Just("keep = { after = \"collected\", for = \"30 days\" }\n".to_owned()),
        Just("[minors]\nguardian_below = { cn = 14 }\n".to_owned()),
        Just("regions = [\"cn\"]\nlanguages = [\"en\", \"zh\"]\n".to_owned()),
        Just("{{ keep.email }} 三十天 30 days {{".to_owned()),
        "\\PC{0,20}",
        "[a-z_]{1,8} = [a-z0-9\"\\[\\]{}]{0,12}\n",
    ]
}

/// The starter policy with one stretch of one file cut out, doubled or replaced.
fn mutated() -> impl Strategy<Value = Folder> {
    let any_index = any::<prop::sample::Index>;
    (any_index(), any_index(), 0_usize..200, piece(), 0_u8..3).prop_map(
        |(file, at, length, new, how)| {
            let mut folder = support::starter();
            let name = file.get(&folder.files.keys().cloned().collect::<Vec<_>>()).clone();
            let text = folder.files.get_mut(&name).unwrap();
            let start = text.floor_char_boundary(at.index(text.len()));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            match how {
                0 => text.replace_range(start..end, ""),
                1 => {
                    let twice = text.get(start..end).unwrap_or_default().to_owned();
                    text.insert_str(start, &twice);
                }
                _ => text.replace_range(start..end, &new),
            }
            folder
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_compiler(pieces in prop::collection::vec(piece(), 0..24)) {
        let text = pieces.concat();
        let names = ["policy.md", "policy.zh.md", "glossary.md", "holidays/cn.toml"];
        let folder = Folder::of(names.map(|it| (it, text.clone())));
        if let Err(faults) = compile(&folder) {
            prop_assert!(!faults.faults.is_empty());
            prop_assert!(!faults.to_string().is_empty());
        }
    }

    #[test]
    fn no_bytes_break_what_reads_text(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0_usize..6) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut folder = support::starter();
        if let Some(file) = folder.files.values_mut().nth(at) {
            file.clone_from(&text);
        }
        if let Err(faults) = compile(&folder) {
            prop_assert!(!faults.to_string().is_empty());
        }
        let once = policy::format(&text);
        prop_assert_eq!(policy::format(&once), once);
    }

    #[test]
    fn a_duration_is_read_or_refused(text in "\\PC{0,30}", near in "[0-9]{0,11}[ a]{0,2}(working )?(day|hour|month|years|week)s?") {
        for text in [text, near] {
            if let Some(duration) = Duration::parse(&text) {
                prop_assert_eq!(Duration::parse(&duration.to_string()), Some(duration));
            }
        }
    }

    #[test]
    fn no_change_of_the_starter_policy_breaks_the_compiler(folder in mutated()) {
        match compile(&folder) {
            Err(faults) => prop_assert!(!faults.to_string().is_empty()),
            Ok(policy) => {
                let page = policy::notice::html(&policy, "zh", &policy::notice::NoticeContext::default());
                prop_assert!(page.contains(&policy.hash()));
            }
        }
    }

    #[test]
    fn layout_laid_out_stays(pieces in prop::collection::vec(piece(), 0..24), folder in mutated()) {
        let own = folder.files.get("policy.md").cloned().unwrap_or_default();
        for text in [pieces.concat(), own] {
            let once = policy::format(&text);
            prop_assert_eq!(policy::format(&once), once);
        }
    }

    #[test]
    fn layout_changes_no_rule(folder in mutated()) {
        let mut laid = folder.clone();
        for text in laid.files.values_mut() {
            *text = policy::format(text);
        }
        let hash = |it: &Folder| compile(it).map(|it| it.hash()).map_err(|it| it.codes().len());
        prop_assert_eq!(hash(&laid), hash(&folder));
    }
}

/// Much of one thing ends in a fault, whatever the thing.
#[test]
fn much_of_one_thing_is_refused_and_ends() {
    let front =
        support::starter().files.get("policy.md").unwrap().split("\n# ").next().unwrap().to_owned();
    let line = |it: usize| -> [String; 6] {
        [
            "{{".to_owned(),
            "{{ a }}".to_owned(),
            format!("## Clause {it} {{#c{it}}}\n"),
            format!("```kept\n[category.c{it}]\n```\n"),
            "一百 30 days ".to_owned(),
            "> ".to_owned(),
        ]
    };
    for kind in 0..6 {
        let body: String = (0..2_000).map(|it| line(it).get(kind).unwrap().clone()).collect();
        let folder =
            Folder::of([("policy.md", format!("{front}\n# Page\n\n## One {{#one}}\n\n{body}\n"))]);
        assert!(compile(&folder).is_err());
    }
    let large = "a".repeat(policy::limit::SOURCE_BYTES_MAX + 1);
    assert_eq!(compile(&Folder::of([("policy.md", large)])).unwrap_err().codes(), ["over-limit"]);
}
