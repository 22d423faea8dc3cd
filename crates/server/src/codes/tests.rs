use std::path::Path;

use flows::account::{Register, SignIn};
use flows::messages::Post;
use flows::{Flows, Plain};

use super::*;

#[path = "../../../policy/tests/support/folders.rs"]
mod folders;

use folders::starter;

async fn opened(dir: &Path, now: Timestamp) -> Flows {
    let settings = flows::Settings {
        database: flows::Database::Folder(dir.join("data")),
        keys: dir.join("keys"),
        checkpoints: Vec::new(),
        origin: "log.example.com".to_owned(),
        address: "https://privacy.example.com".to_owned(),
        post: Post::Folder(dir.join("mail")),
    };
    Flows::open(settings, &starter(), now).await.unwrap()
}

fn ask(email: &str) -> SignIn {
    SignIn {
        email: Plain::from(email),
        region: None,
        password: None,
        code: None,
        label: String::new(),
        language: "en".to_owned(),
    }
}

#[tokio::test]
async fn asking_does_nothing_that_takes_time_for_an_account() {
    let dir = tempfile::tempdir().unwrap();
    let now = Timestamp::from_millis(1_795_356_000_000);
    let flows = opened(dir.path(), now).await;
    let form = Register {
        email: Plain::from("ada@example.org"),
        phone: None,
        birth_date: Some(Plain::from("1990-05-17")),
        region: "cn".to_owned(),
        language: "en".to_owned(),
        accept: 1,
        screen: "test".to_owned(),
        data: vec![("password".to_owned(), Plain::from("correct horse battery"))],
        idempotency: None,
    };
    drop(account::register(&flows, form, now).await.unwrap());
    assert_eq!(flows::messages::deliver(&flows, now).await.unwrap(), 1);
    let codes = Codes::default();
    codes.ask(&flows, ask("ada@example.org")).unwrap();
    codes.ask(&flows, ask("nobody@example.org")).unwrap();
    assert!(codes.ask(&flows, ask("no address")).is_err(), "said at once");
    assert_eq!(flows::messages::deliver(&flows, now).await.unwrap(), 0, "nothing was written");
    codes.send(&flows, now).await;
    assert_eq!(flows::messages::deliver(&flows, now).await.unwrap(), 1);
    codes.send(&flows, now).await;
    assert_eq!(flows::messages::deliver(&flows, now).await.unwrap(), 0, "each is sent once");
}

#[tokio::test]
async fn too_many_that_wait_are_told_to_come_again() {
    let dir = tempfile::tempdir().unwrap();
    let now = Timestamp::from_millis(1_795_356_000_000);
    let flows = opened(dir.path(), now).await;
    let codes = Codes::default();
    for _ in 0..CODES_ASKED_MAX {
        codes.ask(&flows, ask("nobody@example.org")).unwrap();
    }
    assert!(codes.ask(&flows, ask("nobody@example.org")).is_err());
    codes.send(&flows, now).await;
    assert!(codes.ask(&flows, ask("nobody@example.org")).is_ok());
}
