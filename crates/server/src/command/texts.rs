//! Text messages in the configuration: `[text]` with `folder`, or with `url` and `secret`.

use std::path::{Path, PathBuf};

use flows::messages::text::{Texts, Way};
use flows::{Flows, Secret, Stop};
use serde::Deserialize;

use super::End;

/// `[text]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    folder: Option<PathBuf>,
    url: Option<String>,
    secret: Option<String>,
    #[serde(default)]
    countries: Vec<String>,
}

/// Has text messages leave as the configuration says; none do where it says nothing.
pub(super) fn connect(flows: &Flows, (path, data): (&Path, &Path)) -> Result<(), End> {
    let Some(value) = super::config::section(path, "text")? else { return Ok(()) };
    let section: Section = value.try_into().map_err(|_| wrong(path, SHAPE))?;
    let way = match (section.folder, section.url, section.secret) {
        (Some(folder), None, None) if folder.starts_with(data) => {
            return Err(wrong(path, "texts in the clear do not belong into the data folder"));
        }
        (Some(folder), None, None) => Way::Folder(folder),
        (None, Some(url), Some(secret)) => Way::Gateway { url, secret: Secret::given(secret) },
        (_, _, _) => return Err(wrong(path, SHAPE)),
    };
    let texts = Texts { way: Some(way), countries: section.countries };
    flows.text_by(texts).map_err(|stop| match stop {
        Stop::Invalid { field, say } => wrong(path, &format!("`{field}`: {say}")),
        other => super::people::end(other),
    })
}

const SHAPE: &str = "write `folder = \"DIR\"`, or `url = \"https://…\"` and `secret = \"…\"`; with \
                     `countries = [\"+86\"]` texts go to those alone";

fn wrong(path: &Path, say: &str) -> End {
    End::Wrong(format!("`[text]` in `{}`: {say}", path.display()))
}
