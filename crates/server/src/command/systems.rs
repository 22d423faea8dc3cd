//! Connected systems in the configuration: `[[system]]` with `id`, `url` and `secret`.

use std::path::Path;

use flows::rights::System;
use flows::{Flows, Secret, Stop};
use serde::Deserialize;

use super::End;

/// `[[system]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    id: String,
    url: String,
    secret: String,
}

/// Connects the systems that the configuration names; none where it names none.
pub(super) fn connect(flows: &Flows, path: &Path) -> Result<(), End> {
    let Some(value) = super::config::section(path, "system")? else { return Ok(()) };
    let shown = path.display();
    let shape = || {
        End::Wrong(format!(
            "`{shown}`, `[[system]]`: write `id`, `url` and `secret` for each connected system"
        ))
    };
    let sections: Vec<Section> = value.try_into().map_err(|_| shape())?;
    let systems = sections.into_iter().map(|it| System {
        id: it.id,
        url: it.url,
        secret: Secret::given(it.secret),
    });
    flows.connect(systems.collect()).map_err(|stop| match stop {
        Stop::Invalid { field, say } => End::Wrong(format!("`{shown}`, `{field}`: {say}")),
        other => super::people::end(other),
    })
}
