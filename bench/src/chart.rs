//! A bar chart as SVG, drawn by hand: it needs no program to look at and says all its figures in words.

use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 250.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 64.0;
const ROW: f64 = 30.0;

/// A bar.
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: f64,
    /// What stands behind the bar: the value with its unit, a ratio.
    pub(crate) note: String,
    /// Whether it is ours.
    pub(crate) ours: bool,
}

/// Bars from the top down, all to one scale from zero.
pub(crate) struct Chart<'a> {
    pub(crate) title: &'a str,
    /// What the bars count, and whether more is better.
    pub(crate) axis: &'a str,
    pub(crate) bars: &'a [Bar],
}

impl Chart<'_> {
    /// The chart as text.
    pub(crate) fn svg(&self) -> String {
        let height = self.bars.iter().fold(TOP + 12.0, |sum, _| sum + ROW);
        let most = self.bars.iter().map(|it| it.value).fold(0.0, f64::max);
        let said: Vec<String> =
            self.bars.iter().map(|it| format!("{}: {}", it.label, it.note)).collect();
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
             aria-labelledby=\"title desc\" font-family=\"system-ui, sans-serif\" font-size=\"14\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
             <text x=\"12\" y=\"26\" font-size=\"17\" font-weight=\"600\" fill=\"#111\">{}</text>\n\
             <text x=\"12\" y=\"46\" fill=\"#555\">{}</text>\n",
            plain(self.title),
            plain(&said.join("; ")),
            plain(self.title),
            plain(self.axis)
        );
        let mut y = TOP;
        for bar in self.bars {
            let share = if most > 0.0 { bar.value / most } else { 0.0 };
            let width = ((WIDTH - LEFT - RIGHT) * share).max(1.0);
            let fill = if bar.ours { "#0b6e4f" } else { "#9aa5b1" };
            // Writing to a string does not fail.
            let _infallible: std::fmt::Result = writeln!(
                text,
                "<g><title>{label}: {note}</title>\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#111\">{label}</text>\
                 <rect x=\"{LEFT}\" y=\"{}\" width=\"{width:.1}\" height=\"{}\" fill=\"{fill}\"/>\
                 <text x=\"{:.1}\" y=\"{}\" fill=\"#111\">{note}</text></g>",
                LEFT - 8.0,
                y + 18.0,
                y + 4.0,
                ROW - 10.0,
                LEFT + width + 8.0,
                y + 18.0,
                label = plain(&bar.label),
                note = plain(&bar.note),
            );
            y += ROW;
        }
        text.push_str("</svg>\n");
        text
    }
}

/// Text without what SVG reads as its own.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
