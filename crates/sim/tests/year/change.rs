//! A new version that widens one purpose: announced long before, and applied to nobody who was not asked.

use decide::Timestamp;
use flows::change::Draft;

use crate::install::{DAY, Install};
use crate::known::Known;

/// What the new version adds to which purpose.
pub(crate) const PURPOSE: &str = "improve";
/// The category that is added.
pub(crate) const ADDED: &str = "name";
/// Days between publishing and the day from which it counts: more than the notice.
const AHEAD: i64 = 40;

/// The version that was published.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Published {
    /// From when it counts.
    pub(crate) effective: Timestamp,
}

/// Publishes the second version.
pub(crate) async fn publish(install: &mut Install, now: Timestamp) -> Published {
    let day = |at: Timestamp| flows::when(at).split_at(10).0.to_owned();
    let text = install.folder.files.get_mut("policy.md").unwrap();
    let mut put = |key: &str, value: &str| {
        let line = text.lines().find(|it| it.starts_with(key)).unwrap().to_owned();
        let (name, _) = line.split_once('=').unwrap();
        *text = text.replacen(&line, &format!("{name}= {value}"), 1);
    };
    put("version ", "2");
    put("updated ", &day(now));
    put("effective ", &day(now.plus_millis(AHEAD * DAY)));
    let old = "uses    = [\"page-views\", \"clicks\", \"device\", \"language\"]";
    assert!(text.contains(old), "the starter policy has no `{old}` any more");
    *text = text.replacen(old, &old.replace("\"language\"", "\"language\", \"name\""), 1);
    let draft = Draft { folder: install.folder.clone(), effective: None };
    let early = Draft { effective: Some(day(now).parse().unwrap()), ..draft.clone() };
    let flows = install.flows();
    assert!(
        flows::change::publish(flows, &early, now).await.is_err(),
        "nobody would be told before"
    );
    let plan = flows::change::publish(flows, &draft, now).await.unwrap();
    assert!(plan.widens());
    Published { effective: plan.effective }
}

/// Whether the added category may be used for somebody: `None` where it hangs on what they were told
/// and when, which is not remembered here.
pub(crate) fn may(known: &Known, published: Option<Published>) -> Option<bool> {
    let published = published?;
    let after = |at: Timestamp| at >= published.effective;
    match known.improve {
        // Whoever came later saw the version in force.
        Some(at) if after(known.registered) && after(at) => Some(true),
        Some(at) if after(at) => None,
        _ if after(known.registered) => None,
        _ => Some(false),
    }
}
