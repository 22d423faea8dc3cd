//! What every page has around it: language, menu, contact, the hash of the rules in force.

use flows::{Book, RegionCode};
use jiff::tz::TimeZone;

use super::words::Words;

/// A link to the same page in a language.
#[derive(Debug)]
pub(crate) struct InLanguage {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// A language, as those who speak it call it.
pub(crate) fn in_its_own_words(code: &str) -> &str {
    match code {
        "en" => "English",
        "zh" => "中文",
        other => other,
    }
}

/// A line on top of a page.
#[derive(Debug)]
pub(crate) struct Notice {
    /// `good`, `warn`, `bad` or nothing.
    pub(crate) tone: &'static str,
    pub(crate) text: &'static str,
}

/// The frame of a page. Templates call it `f`.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) w: &'static Words,
    /// In whose days and hours it tells the time.
    pub(crate) zone: TimeZone,
    /// How long whoever closes an account can change their mind, in words.
    change_mind: Option<String>,
    /// What links carry, so that the language stays: `?language=en`.
    pub(crate) q: String,
    /// Which entry of the menu this is.
    pub(crate) at: &'static str,
    pub(crate) controller: String,
    pub(crate) contact: String,
    pub(crate) hash: String,
    pub(crate) version: u32,
    pub(crate) signed_in: bool,
    pub(crate) languages: Vec<InLanguage>,
    pub(crate) notice: Option<Notice>,
    /// What every page says for a while: a new version of the policy, for instance.
    pub(crate) announced: Vec<Announced>,
}

/// Something that every page says for a while.
#[derive(Debug)]
pub(crate) struct Announced {
    pub(crate) title: String,
    pub(crate) text: String,
    /// Where all of it stands, and what the link says.
    pub(crate) link: Option<(String, String)>,
}

/// What is said of an end on every page.
fn endings(book: &Book, language: &str) -> Vec<Announced> {
    let said = flows::cessation::on_site(book, language).into_iter();
    said.map(|it| Announced {
        title: it.title,
        text: it.text,
        link: it.export.map(|label| (format!("/me/export?language={language}"), label.to_owned())),
    })
    .collect()
}

impl Frame {
    /// The frame of a page at a path.
    pub(crate) fn new(book: &Book, language: &str, (at, path): (&'static str, &str)) -> Self {
        let header = &book.policy().header;
        let language = book.language(language).to_owned();
        let languages = header.languages.iter().map(|code| InLanguage {
            code: code.clone(),
            name: in_its_own_words(code).to_owned(),
            href: format!("{path}?language={code}"),
            current: *code == language,
        });
        Self {
            w: Words::of(&language),
            zone: book.home().map_or(TimeZone::UTC, |it| book.zone(it)),
            change_mind: book.policy().phrase("account.change_mind", &language),
            q: format!("?language={language}"),
            at,
            controller: header.controller.in_language(&language).to_owned(),
            contact: header.contact.email.clone(),
            hash: book.hash().to_owned(),
            version: book.version(),
            signed_in: false,
            languages: languages.collect(),
            notice: None,
            announced: endings(book, &language),
        }
    }

    /// With something that the links to other languages carry too, written as a query is.
    pub(crate) fn carrying(mut self, query: &str) -> Self {
        if !query.is_empty() {
            for it in &mut self.languages {
                it.href = format!("{}&{query}", it.href);
            }
        }
        self
    }

    /// With the days and hours of a region.
    pub(crate) fn of_region(self, book: &Book, region: RegionCode) -> Self {
        Self { zone: book.zone(region), ..self }
    }

    /// What follows from closing an account.
    pub(crate) fn close_lead(&self) -> String {
        let w = self.w;
        let within = |it: &String| format!("{}{it}{}", w.close_within, w.close_then);
        self.change_mind.as_ref().map_or_else(|| w.close_lead.to_owned(), within)
    }

    /// For a person who is signed in.
    pub(crate) fn signed_in(self, signed_in: bool) -> Self {
        Self { signed_in, ..self }
    }

    /// With what every page says for a while.
    pub(crate) fn announcing(mut self, announced: impl IntoIterator<Item = Announced>) -> Self {
        self.announced.extend(announced);
        self
    }

    /// With a line on top.
    pub(crate) fn noting(self, notice: Option<Notice>) -> Self {
        Self { notice, ..self }
    }

    /// The language, as the policy names it.
    pub(crate) fn language(&self) -> &'static str {
        self.w.code
    }
}
