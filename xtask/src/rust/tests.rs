use super::*;

fn of(kind: Kind, source: &str) -> Vec<(usize, &str)> {
    pieces(source).into_iter().filter(|it| it.kind == kind).map(|it| (it.line, it.text)).collect()
}

#[test]
fn strings_end_where_they_end() {
    let source = "a(\"x \\\" // no\", b'\"', r#\"raw \" \\\"#, b\"bytes\", '\\'', \"last\");";
    let texts: Vec<_> = of(Kind::Text, source).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["x \\\" // no", "raw \" \\", "bytes", "last"]);
}

#[test]
fn lifetimes_are_no_characters() {
    let source = "fn f<'a>(x: &'a str) -> char { 'x' } // 'tail";
    assert_eq!(of(Kind::Comment, source), [(1, "// 'tail")]);
    assert!(of(Kind::Word, source).contains(&(1, "str")));
}

#[test]
fn comments_nest_and_lines_count() {
    let source = "/* one /* two\n */ three */ word\n// 中文\nr#type";
    assert_eq!(of(Kind::Comment, source), [(1, "/* one /* two\n */ three */"), (3, "// 中文")]);
    assert_eq!(of(Kind::Word, source), [(2, "word"), (4, "r"), (4, "type")]);
}

#[test]
fn code_keeps_lines_and_drops_what_is_said() {
    let bare = code("let a = \"SELECT\n1\"; // SELECT\nsleep();");
    assert!(!bare.contains("SELECT"));
    assert_eq!(bare.lines().nth(2), Some("sleep();"));
}

#[test]
fn source_that_breaks_off_is_no_trouble() {
    for broken in ["\"open", "r#\"open", "/* open", "'", "'\\", "b'", "r#", "字\"字"] {
        assert!(!pieces(broken).is_empty(), "{broken}");
    }
}
