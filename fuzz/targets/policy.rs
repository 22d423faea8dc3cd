//! The source of a policy: compiled, shown, compared with itself, laid out.
//!
//! A text is `policy.md`; what stands after a NUL is the next file of the list. A file that is not
//! given is that of the starter policy, so that a change of one gets as far as the rules.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy::notice::{NoticeContext, html, twin};
use policy::{Duration, Folder, compile, diff, format};

const STARTER: [(&str, &str); 6] = [
    ("policy.md", include_str!("../../policy/policy.md")),
    ("policy.zh.md", include_str!("../../policy/policy.zh.md")),
    ("glossary.md", include_str!("../../policy/glossary.md")),
    ("glossary.zh.md", include_str!("../../policy/glossary.zh.md")),
    ("holidays/cn.toml", include_str!("../../policy/holidays/cn.toml")),
    ("holidays/eu.toml", include_str!("../../policy/holidays/eu.toml")),
];

fuzz_target!(|text: &str| {
    let mut folder = Folder::of(STARTER);
    for ((name, _), given) in STARTER.iter().zip(text.split('\0')) {
        if !given.is_empty() {
            folder.files.insert((*name).to_owned(), given.to_owned());
        }
    }
    match compile(&folder) {
        Ok(policy) => {
            for language in ["en", "zh"] {
                let page = html(&policy, language, &NoticeContext::default());
                assert!(page.contains(&policy.hash()));
                let _twin = twin(&policy, language);
            }
            assert!(diff(&policy, &policy).is_empty());
        }
        Err(faults) => assert!(!faults.to_string().is_empty()),
    }
    let once = format(text);
    assert_eq!(format(&once), once);
    if let Some(duration) = Duration::parse(text) {
        assert_eq!(Duration::parse(&duration.to_string()), Some(duration));
    }
});
