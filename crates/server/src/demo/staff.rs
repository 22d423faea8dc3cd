//! The staff of the demonstration, and a page in place of an authenticator that shows their codes.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use flows::Flows;
use flows::security::{AddStaff, StaffAdded, add_staff};

use super::failed;
use crate::clock::Clock;

/// Who works in the demonstration: what they are called, and their role.
const WHO: [(&str, &str); 3] = [("Olive", "officer"), ("Otto", "officer"), ("Sam", "support")];

/// The staff of the demonstration.
#[derive(Debug)]
pub(super) struct Staff {
    clock: Arc<Clock>,
    members: Vec<StaffAdded>,
}

impl Staff {
    /// They join.
    pub(super) async fn join(flows: &Flows, clock: &Arc<Clock>) -> io::Result<Self> {
        let mut members = Vec::new();
        for (name, role) in WHO {
            let ask = AddStaff { name: name.to_owned(), roles: vec![role.to_owned()] };
            members.push(add_staff(flows, ask, clock.now()).await.map_err(failed)?);
        }
        Ok(Self { clock: Arc::clone(clock), members })
    }

    /// What each signs in with: a label, the id and the password.
    pub(super) fn lines(&self) -> Vec<(String, String)> {
        let all = WHO.iter().zip(&self.members);
        let line = |((name, role), it): (&(&str, &str), &StaffAdded)| {
            (format!("{role} {name}"), format!("{}  {}", it.id, it.password.as_str()))
        };
        all.map(line).collect()
    }

    /// The page in place of an authenticator. Each code counts once; the next comes in half a minute.
    pub(super) fn page(&self) -> String {
        let mut rows = String::new();
        for ((name, role), it) in WHO.iter().zip(&self.members) {
            let code = it.code(self.clock.now());
            // Writing to a string does not fail.
            writeln!(
                rows,
                "<tr><td>{role} {name}</td><td><code>{}</code></td><td><code>{}</code></td><td><code \
                 id=\"{}\">{}</code></td></tr>",
                it.id,
                it.password.as_str(),
                it.id,
                code.as_str()
            )
            .ok();
        }
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>Authenticator</title><link rel=\"stylesheet\" \
             href=\"/site.css\"><main><h1>Authenticator of the demonstration</h1><p>Each code counts \
             once; load the page again for the next, half a minute later.</p><table><tr><th>Who</th>\
             <th>Id</th><th>Password</th><th>Code</th></tr>{rows}</table></main></html>"
        )
    }
}
