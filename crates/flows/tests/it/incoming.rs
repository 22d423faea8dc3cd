//! Mail that comes in: an answer finds its conversation, a machine finds nobody.

use flows::messages::Desk;

use crate::messages::{TEXT, header, id, leave, message, queue, read, reply};
use crate::support::World;

const HOUR: i64 = 3_600_000;

async fn mail(world: &World, raw: &str) -> &'static str {
    let raw = raw.replace('\n', "\r\n");
    let came = flows::messages::incoming(&world.flows, raw.as_bytes(), world.now).await;
    came.unwrap().word()
}

#[tokio::test]
async fn mail_that_answers_goes_into_its_conversation_and_no_other() {
    let mut world = World::new().await;
    let left = leave(&world, message(TEXT)).await.unwrap();
    let arrived = world.mails().await.pop().unwrap();
    reply(&world, id(&left), "Which model?").await.unwrap();
    world.later(HOUR);
    let thread = header(&arrived, "Message-ID").to_owned();
    let from_mei = format!(
        "From: Mei <MEI@example.com>\nMessage-ID: <1@example.com>\nIn-Reply-To: {thread}\n\
         Subject: Re: hello\n\nThe planted-40 one.\n"
    );
    assert_eq!(mail(&world, &from_mei).await, "added");
    assert_eq!(mail(&world, &from_mei).await, "before", "the same mail twice");
    let lines = queue(&world).await;
    assert_eq!((lines.len(), lines[0].state.as_str(), lines[0].reopened), (1, "received", 1));
    assert_eq!(lines[0].seconds_left, 24 * 3_600, "a new clock");
    let seen = read(&world, id(&left)).await.unwrap();
    assert_eq!(seen.said.len(), 3);
    assert!(seen.said[2].text.contains("planted-40"));
    // The answer stands below the mail.
    reply(&world, id(&left), "Thanks.").await.unwrap();
    let answer = world.mails().await.pop().unwrap();
    assert_eq!(header(&answer, "In-Reply-To"), "<1@example.com>");

    // Another address in the same thread, by header or by number, begins its own conversation.
    let forged = from_mei.replace("MEI@", "mallory@").replace("<1@", "<2@");
    assert_eq!(mail(&world, &forged).await, "new");
    let number = format!("From: eve@example.com\nSubject: [{}]\n\nAnd?\n", left.id);
    assert_eq!(mail(&world, &number).await, "new");
    assert_eq!(read(&world, id(&left)).await.unwrap().said.len(), 4);
    assert!(!world.holds("planted-40"));
}

#[tokio::test]
async fn machines_do_not_write_to_each_other() {
    let world = World::new().await;
    let left = leave(&world, message(TEXT)).await.unwrap();
    let arrived = world.mails().await.pop().unwrap();
    let thread = header(&arrived, "Message-ID");
    let away = format!(
        "From: mei@example.com\nAuto-Submitted: auto-replied\nIn-Reply-To: {thread}\n\nAway.\n"
    );
    assert_eq!(mail(&world, &away).await, "automatic");
    assert_eq!(mail(&world, "From: privacy@example.com\n\nOurselves.\n").await, "automatic");
    let back = format!(
        "From: mailer-daemon@example.com\nReturn-Path: <>\nContent-Type: multipart/report; \
         boundary=x\n\n--x\n\nNo such box.\n--x\nContent-Type: message/rfc822\n\n\
         Message-ID: {thread}\n\nHi\n--x--\n"
    );
    assert_eq!(mail(&world, &back).await, "automatic");
    assert_eq!(mail(&world, &back).await, "before");
    assert_eq!(mail(&world, "nothing that anybody wrote").await, "unreadable");
    assert_eq!(world.mails().await.len(), 1, "none was answered");
    let seen = read(&world, id(&left)).await.unwrap();
    assert_eq!(seen.said.len(), 2);
    assert_eq!((seen.said[1].kind.as_str(), seen.said[1].by.as_str()), ("internal", "system"));
    assert_eq!(queue(&world).await.len(), 1);
}

#[tokio::test]
async fn a_mailbox_is_emptied_once_what_it_held_is_durable() {
    let world = World::new().await;
    let folder = world.dir.path().join("box");
    std::fs::create_dir_all(folder.join("new")).unwrap();
    let write = |name: &str, text: &str| {
        let mut file = std::fs::File::create(folder.join("new").join(name)).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    };
    world.flows.equip(Desk { mailbox: Some(folder.clone()), ..Desk::default() });
    write("1", "From: mei@example.com\r\n\r\nhello\r\n");
    write("2", "this is no mail");
    assert_eq!(flows::messages::fetch(&world.flows, world.now).await.unwrap(), 1);
    assert_eq!(std::fs::read_dir(folder.join("new")).unwrap().count(), 0);
    assert!(folder.join("cur/2").exists(), "what cannot be read is kept for people");
    assert_eq!(queue(&world).await.len(), 1);
    // Killed after the commit and before the file went: it is taken in once.
    write("1", "From: mei@example.com\r\n\r\nhello\r\n");
    assert_eq!(flows::messages::fetch(&world.flows, world.now).await.unwrap(), 1);
    assert_eq!(queue(&world).await.len(), 1);
}

#[tokio::test]
async fn who_writes_too_much_holds_up_nobody_else() {
    let mut world = World::new().await;
    let left = leave(&world, message(TEXT)).await.unwrap();
    let folder = world.dir.path().join("box");
    std::fs::create_dir_all(folder.join("new")).unwrap();
    let write = |name: &str, text: &str| {
        let mut file = std::fs::File::create(folder.join("new").join(name)).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    };
    world.flows.equip(Desk { mailbox: Some(folder.clone()), ..Desk::default() });
    for n in 0..60 {
        let subject = format!("Subject: [{}]", left.id);
        write(&format!("a{n:03}"), &format!("From: mei@example.com\r\n{subject}\r\n\r\n{n}\r\n"));
    }
    write("b", "From: hong@example.com\r\n\r\nMy oven burns.\r\n");
    for _ in 0..4 {
        flows::messages::fetch(&world.flows, world.now).await.unwrap();
    }
    assert!(!folder.join("new/b").exists(), "it came in behind those that wait");
    assert_eq!(queue(&world).await.len(), 2);
    let waits = std::fs::read_dir(folder.join("new")).unwrap().count();
    assert!(waits > 0, "a day has so much room for one person");
    world.later(24 * HOUR);
    for _ in 0..4 {
        flows::messages::fetch(&world.flows, world.now).await.unwrap();
    }
    assert_eq!(std::fs::read_dir(folder.join("new")).unwrap().count(), 0, "nothing is lost");
}

#[tokio::test]
async fn what_cannot_be_read_does_not_lie_there_for_ever() {
    let mut world = World::new().await;
    let folder = world.dir.path().join("box");
    std::fs::create_dir_all(folder.join("new")).unwrap();
    let path = folder.join("new/1");
    let mut file = std::fs::File::create(path).unwrap();
    std::io::Write::write_all(&mut file, b"this is no mail").unwrap();
    world.flows.equip(Desk { mailbox: Some(folder.clone()), ..Desk::default() });
    let real = std::fs::metadata(folder.join("new/1")).unwrap().modified().unwrap();
    let real = real.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    world.now = decide::Timestamp::from_millis(i64::try_from(real).unwrap());
    flows::messages::fetch(&world.flows, world.now).await.unwrap();
    assert!(folder.join("cur/1").exists());
    world.later(29 * 24 * HOUR);
    flows::messages::fetch(&world.flows, world.now).await.unwrap();
    assert!(folder.join("cur/1").exists());
    world.later(25 * HOUR);
    flows::messages::fetch(&world.flows, world.now).await.unwrap();
    assert!(!folder.join("cur/1").exists());
}

#[tokio::test]
async fn two_machines_that_answer_each_other_come_to_an_end() {
    let world = World::new().await;
    for n in 0..8 {
        let robot = format!("From: robot@example.com\nSubject: [CASE-{n}]\n\nWe got yours.\n");
        assert_eq!(mail(&world, &robot).await, "new", "everybody is heard");
    }
    let mails = world.mails().await;
    assert_eq!(mails.len(), 5, "and the first few are told so");
    assert!(mails.iter().all(|it| it.contains("X-Auto-Response-Suppress: All")));
    assert_eq!(mail(&world, "From: mei@example.com\n\nHello.\n").await, "new");
    assert_eq!(world.mails().await.len(), 6, "nobody else is meant");
}
