use super::*;

const TEXT: &str = "+++\nversion = 1\n+++\n\n# Page\n\nIntro.\n\n## One {#one}\n\nProse.\n\n```kept\na = 1\n```\n\nMore.\n\n```text\n## no heading\n```\n\n### Two {#two}\n#### Prose\n";

#[test]
fn a_file_comes_apart() {
    let mut faults = Faults::default();
    let all = document(0, TEXT, &mut faults);
    assert!(!faults.fatal());
    assert_eq!(slice(TEXT, all.front.unwrap()), "version = 1\n");
    let part = all.parts.last().unwrap();
    assert_eq!((slice(TEXT, part.title), joined(TEXT, &part.intro).as_str()), ("Page", "Intro."));
    let [one, two] = part.clauses.as_slice() else { panic!("two clauses") };
    assert_eq!((one.id.as_str(), slice(TEXT, one.title), one.level), ("one", "One", 2));
    assert_eq!(slice(TEXT, *one.blocks.first().unwrap()), "a = 1\n");
    assert_eq!(joined(TEXT, &one.prose), "Prose.\n\nMore.\n\n```text\n## no heading\n```");
    assert_eq!((two.id.as_str(), two.level), ("two", 3));
    assert_eq!(joined(TEXT, &two.prose), "#### Prose");
}

#[test]
fn ids() {
    for id in ["a", "use-service", "a1"] {
        assert!(is_id(id, false), "{id}");
    }
    for id in ["", "A", "1a", "-a", "a-", "a.b", "a b", "ä"] {
        assert!(!is_id(id, false), "{id}");
    }
    assert!(is_id("page.view", true));
    assert_eq!(suggestion("Use Service_1"), "use-service-1");
    assert_eq!(suggestion("隐私"), "an-id");
}
