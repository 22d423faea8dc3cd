use std::path::Path;

use decide::PersonId;
use decide::id::MessageId;

use super::super::Texts;
use super::*;
use crate::messages::{Leave, Post, leave};
use crate::{Database, Plain, Settings};

/// 2026-11-22T14:00:00Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_356_000_000);

async fn opened(root: &Path) -> Flows {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let mut folder = policy::Folder::default();
    for place in ["", "holidays/"] {
        for entry in std::fs::read_dir(from.join(place)).unwrap() {
            let name = format!("{place}{}", entry.unwrap().file_name().into_string().unwrap());
            if policy::Folder::reads(&name) {
                let text = std::fs::read_to_string(from.join(&name)).unwrap();
                folder.files.insert(name, text);
            }
        }
    }
    let settings = Settings {
        database: Database::Folder(root.join("data")),
        keys: root.join("keys"),
        checkpoints: Vec::new(),
        origin: "log.example.com".to_owned(),
        address: "https://privacy.example.com".to_owned(),
        post: Post::Nowhere,
    };
    let flows = Flows::open(settings, &folder, NOW).await.unwrap();
    let way = Some(Way::Folder(root.join("text")));
    flows.text_by(Texts { way, ..Texts::default() }).unwrap();
    flows
}

async fn somebody(flows: &Flows) -> PersonId {
    let ask = Leave {
        from: None,
        text: Plain::from("hello"),
        reply_to: Some(Plain::from("mei@example.com")),
        kind: "message".to_owned(),
        region: None,
        language: "en".to_owned(),
        idempotency: None,
    };
    let left = leave(flows, ask, NOW).await.unwrap().into_inner();
    let id = MessageId::parse(&left.id).unwrap();
    flows.journal().scratch().case_owner(id).await.unwrap().unwrap()
}

/// Puts a text into the outbox; a broken one is sealed as something else.
async fn waits(flows: &Flows, person: PersonId, good: bool) {
    let asker = Asker::new(AskerKind::System, "test");
    let book = flows.book();
    let (act, phone) = About::Phone.asks(&book).unwrap();
    let asks = Case { wanted: Set::EMPTY, ..Case::of(person, act, phone, &asker) };
    let mut tx = flows.permit(&book, asks, NOW).await.unwrap();
    if good {
        put(flows, &mut tx, About::Phone, ("+8613800138000", "Your code is 123456.")).unwrap();
    } else {
        let sealed = flows.vault().seal_note(&tx, "another", b"{}").unwrap();
        let cause = "text/phone/0".to_owned();
        tx.stage(Write::Mail { cause, sealed, key: MailKey::Person, not_before: NOW });
    }
    let owed = tx.owe(());
    drop(tx.record(owed).await.unwrap());
}

#[tokio::test]
async fn one_that_is_broken_holds_up_no_other_and_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let flows = opened(dir.path()).await;
    for good in [false, true, true] {
        let person = somebody(&flows).await;
        waits(&flows, person, good).await;
    }
    let sent = || std::fs::read_dir(dir.path().join("text")).unwrap().count();
    assert_eq!(deliver(&flows, NOW).await.unwrap(), 2);
    assert_eq!(sent(), 2);
    // It waits for its next try as any other does, and ends with the code in it.
    assert_eq!(flows.journal().scratch().claim_text(NOW, 9).await.unwrap(), []);
    let later = NOW.plus_millis(TEXT_AGAIN_MILLIS);
    assert_eq!(deliver(&flows, later).await.unwrap(), 0);
    let over = NOW.plus_millis(CODE_MILLIS);
    assert_eq!(deliver(&flows, over).await.unwrap(), 0);
    let after = over.plus_millis(24 * 60 * 60 * 1_000);
    assert_eq!(flows.journal().scratch().claim_text(after, 9).await.unwrap(), []);
    assert_eq!(sent(), 2);
}
