//! Tables for spreadsheets: RFC 4180, in UTF-8 with the mark by which a spreadsheet sees that.

/// What a spreadsheet takes for the beginning of a formula, in narrow and in wide letters.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Says that UTF-8 follows.
const MARK: &str = "\u{feff}";

/// A table, written row by row.
#[derive(Debug)]
pub(crate) struct Table(String);

impl Table {
    /// A table without a row.
    pub(crate) fn new() -> Self {
        Self(MARK.to_owned())
    }

    /// Adds a row.
    pub(crate) fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.0.push_str("\r\n");
    }

    /// Every cell is quoted: where a semicolon separates, a cell with one in it would fall apart, and
    /// the second half could be a formula.
    fn cell(&mut self, text: &str) {
        self.0.push('"');
        if text.trim_start().starts_with(FORMULA) {
            self.0.push('\'');
        }
        self.0.push_str(&text.replace('"', "\"\""));
        self.0.push('"');
    }

    /// The bytes of the file.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

#[cfg(test)]
mod tests;
