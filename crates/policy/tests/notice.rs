//! The page that people read, its twin, and what a version changed in it.

#![cfg(test)]

#[path = "support/folders.rs"]
mod support;

use policy::notice::{self, NoticeContext};
use policy::{Folder, Policy, compile};
use support::starter;

fn small() -> Folder {
    let text = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/missing-title/policy.md"),
    );
    let mut folder = Folder::of([("policy.md", text.unwrap())]);
    let calendar = "title = \"Mainland China\"\nyears = [2026]\n".to_owned();
    folder.files.insert("holidays/cn.toml".to_owned(), calendar);
    let text = folder.files.get_mut("policy.md").unwrap();
    *text = text.replace("[\"en\", \"zh\"]", "[\"en\"]");
    folder
}

fn changed(from: &str, to: &str) -> Policy {
    let mut folder = small();
    let text = folder.files.get_mut("policy.md").unwrap();
    assert!(text.contains(from));
    *text = text.replace(from, to);
    compile(&folder).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn a_small_page() {
    let policy = compile(&small()).unwrap();
    let context = NoticeContext { versions: Some("/privacy/versions"), ..NoticeContext::default() };
    insta::assert_snapshot!(notice::html(&policy, "en", &context));
}

#[test]
fn every_clause_of_the_starter_policy_is_a_section_in_both_languages() {
    let policy = compile(&starter()).unwrap();
    for language in ["en", "zh"] {
        let page = notice::html(&policy, language, &NoticeContext::default());
        for clause in &policy.clauses {
            assert!(page.contains(&format!("<section class=\"clause\" id=\"{}\">", clause.id)));
        }
        assert!(page.contains(&policy.hash()));
        assert!(page.contains("href=\"#term-"), "terms are explained");
        assert!(!page.contains("{{") && !page.contains("}}"), "everything is filled in");
        for forbidden in ["<script", "<img", "<style", " style=", "javascript:", " on"] {
            let found = page.split('<').skip(1).filter_map(|it| it.split('>').next());
            let tags: Vec<&str> = found.collect();
            assert!(!tags.iter().any(|it| format!("<{it}").contains(forbidden)), "{forbidden}");
        }
    }
}

#[test]
fn every_term_that_is_linked_is_explained() {
    let policy = compile(&starter()).unwrap();
    for language in ["en", "zh"] {
        let page = notice::html(&policy, language, &NoticeContext::default());
        for after in page.split("href=\"#").skip(1) {
            let id = after.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "`#{id}` leads nowhere");
        }
    }
}

#[test]
fn what_could_harm_is_dropped() {
    let hostile = "See <script>alert(1)</script> <b onclick=\"x()\">bold</b> ![pixel](https://elsewhere.example/p.png) \
         [go](javascript:alert) [mail](mailto:a@b.example) [there](//elsewhere.example) `a<b`\n\n<iframe src=\"x\"></iframe>\n\nYou give";
    let policy = changed("You give", hostile);
    let page = notice::html(&policy, "en", &NoticeContext::default());
    let start = page.find("id=\"email\">").unwrap();
    insta::assert_snapshot!(
        page.get(start..start + 400).unwrap().split("</section>").next().unwrap()
    );
}

#[test]
fn titles_are_escaped() {
    let policy = changed(
        "title       = \"Email address\"",
        "title       = \"Email <i>*address*</i> & more\"",
    );
    let page = notice::html(&policy, "en", &NoticeContext::default());
    assert!(page.contains("email &lt;i&gt;*address*&lt;/i&gt; &amp; more"), "{page}");
}

#[test]
fn the_twin_has_what_the_interface_promises() {
    let policy = compile(&starter()).unwrap();
    let twin = notice::twin(&policy, "en");
    assert_eq!(twin["hash"], policy.hash());
    assert_eq!(twin["version"], policy.header.version);
    let ids: Vec<&str> =
        twin["clauses"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"use-advertise") && ids.len() == policy.clauses.len());
    let small = notice::twin(&compile(&small()).unwrap(), "en");
    insta::assert_snapshot!(serde_json::to_string_pretty(&small).unwrap());
}

#[test]
fn a_word_that_changed_is_marked() {
    let old = compile(&small()).unwrap();
    let new = changed("You give it to us.", "You hand it to us, or not.");
    insta::assert_snapshot!(notice::word_diff(&old, &new, "en"));
    assert!(notice::word_diff(&old, &old, "zh").contains("文字没有变化"));
}

#[test]
fn a_name_with_a_full_stop_ends_a_sentence_once() {
    let policy =
        changed("You give it to us.", "We are {{ controller }}. You give it to {{ controller }}");
    let page = notice::html(&policy, "en", &NoticeContext::default());
    assert!(
        page.contains(
            "We are Example Machines Co., Ltd. You give it to Example Machines Co., Ltd."
        )
    );
}
