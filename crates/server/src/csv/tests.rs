use super::Table;

/// One row as it stands in the file.
fn row(cells: &[&str]) -> String {
    let mut table = Table::new();
    table.row(cells);
    let text = String::from_utf8(table.into_bytes()).unwrap();
    text.strip_prefix('\u{feff}').unwrap().to_owned()
}

#[test]
fn a_row_is_quoted_and_ends_as_the_standard_says() {
    assert_eq!(row(&["a", "", "李娜"]), "\"a\",\"\",\"李娜\"\r\n");
    assert_eq!(row(&["a,b;c", "say \"yes\""]), "\"a,b;c\",\"say \"\"yes\"\"\"\r\n");
    assert_eq!(row(&["two\r\nlines"]), "\"two\r\nlines\"\r\n");
}

#[test]
fn no_cell_is_a_formula() {
    for begin in ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r\n+", " @"] {
        let cell = format!("{begin}1+1");
        assert_eq!(row(&[&cell]), format!("\"'{cell}\"\r\n"));
    }
    assert_eq!(row(&["1+1", "a=b", "x@example.org"]), "\"1+1\",\"a=b\",\"x@example.org\"\r\n");
}

#[test]
fn the_file_begins_with_the_mark_of_utf_8() {
    assert_eq!(Table::new().into_bytes(), [0xef, 0xbb, 0xbf]);
}
