use super::*;

#[test]
fn text_becomes_html() {
    assert_eq!(escaped("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
}

#[test]
fn what_is_filled_in_stays_what_it_is() {
    for text in ["a*b*c", "<b>", "[x](y)", "# a", "`x`", "a_b_", "a\\", "&lt;"] {
        assert_eq!(markdown::text(&markdown::escape(text)), text);
    }
}
