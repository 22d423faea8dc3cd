//! Keys, policies, names.

use decide::set::Interned as _;
use decide::vocabulary::Kind;
use decide::*;
use journal::*;

use crate::world::*;

pub(crate) async fn keys_are_added_found_and_ended(store: &impl Store) {
    let journal = store.open().await;
    let installation = journal.installation();
    let row = |id: &str, seed, seconds| KeyRow {
        id: id.to_owned(),
        kind: AskerKind::Partner,
        hash: [seed; 32],
        name: "a shop".to_owned(),
        purposes: Set::from_bits(1 << 63 | 1),
        source: Some(Source::at(3)),
        made: at(seconds),
        ended: None,
    };
    installation.add_key(row("b", 1, 0)).await.unwrap();
    installation.add_key(row("a", 2, 1)).await.unwrap();
    assert!(matches!(installation.add_key(row("a", 3, 2)).await, Err(Fault::Conflict)));
    assert!(matches!(installation.add_key(row("c", 1, 2)).await, Err(Fault::Conflict)));
    assert_eq!(installation.keys().await.unwrap(), [row("b", 1, 0), row("a", 2, 1)]);
    assert_eq!(installation.key(&[2; 32]).await.unwrap().as_deref(), Some(&row("a", 2, 1)));
    assert_eq!(installation.key(&[3; 32]).await.unwrap(), None);
    installation.end_key("a", at(5)).await.unwrap();
    assert_eq!(installation.key(&[2; 32]).await.unwrap(), None);
    assert_eq!(installation.keys().await.unwrap()[1].ended, Some(at(5)));
    assert!(matches!(installation.end_key("a", at(6)).await, Err(Fault::NotFound)));
}

pub(crate) async fn policies_are_kept_in_order(store: &impl Store) {
    let row = |version| PolicyRow {
        version,
        hash: [7; 32],
        folder: r#"{"policy.md":"…"}"#.to_owned(),
        stored: T0,
        effective: at(10),
    };
    {
        let journal = store.open().await;
        journal.installation().add_policy(row(2)).await.unwrap();
        journal.installation().add_policy(row(1)).await.unwrap();
        let again = journal.installation().add_policy(row(1)).await;
        assert!(matches!(again, Err(Fault::Conflict)));
    }
    assert_eq!(store.open().await.installation().policies().await.unwrap(), [row(1), row(2)]);
}

pub(crate) async fn the_vocabulary_only_grows(store: &impl Store) {
    let names = {
        let journal = store.open().await;
        let installation = journal.installation();
        assert_eq!(installation.vocabulary().await.unwrap(), Vocabulary::default());
        let mut names = vocabulary();
        installation.grow_vocabulary(&names).await.unwrap();
        names.add(Kind::Purpose, "improve").unwrap();
        names.add(Kind::Category, "click").unwrap();
        installation.grow_vocabulary(&names).await.unwrap();
        installation.grow_vocabulary(&names).await.unwrap();
        // Fewer names, or another order, is another vocabulary.
        let fewer = installation.grow_vocabulary(&vocabulary()).await;
        assert!(matches!(fewer, Err(Fault::Conflict)));
        names
    };
    assert_eq!(store.open().await.installation().vocabulary().await.unwrap(), names);
}
