//! Mail that comes in: an answer finds its conversation, a machine finds nobody.

use flows::Stop;
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
    leave(&world, message(TEXT)).await.unwrap();
    let arrived = world.mails().await.pop().unwrap();
    let thread = header(&arrived, "Message-ID");
    let folder = world.dir.path().join("box");
    std::fs::create_dir_all(folder.join("new")).unwrap();
    let write = |name: &str, text: &str| {
        let mut file = std::fs::File::create(folder.join("new").join(name)).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    };
    world.flows.equip(Desk { mailbox: Some(folder.clone()), ..Desk::default() });
    for n in 0..60 {
        let mail = format!("From: mei@example.com\r\nIn-Reply-To: {thread}\r\n\r\n{n}\r\n");
        write(&format!("a{n:03}"), &mail);
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

/// A closed conversation, the mail with which it was answered, and the world.
async fn closed() -> (World, flows::messages::Left, String) {
    let mut world = World::new().await;
    let left = leave(&world, message(TEXT)).await.unwrap();
    reply(&world, id(&left), "Which model?").await.unwrap();
    let answer = world.mails().await.pop().unwrap();
    let thread = header(&answer, "Message-ID").to_owned();
    world.later(8 * 24 * HOUR);
    world.work().await;
    assert!(matches!(read(&world, id(&left)).await, Err(Stop::NotNow(_))), "it is over");
    (world, left, thread)
}

/// The conversation that began last.
async fn newest(world: &World) -> flows::messages::desk::Conversation {
    let lines = queue(world).await;
    let last = lines.iter().max_by_key(|it| it.id.rsplit('_').next().map(str::to_owned)).unwrap();
    let last = decide::id::MessageId::parse(&last.id).unwrap();
    read(world, last).await.unwrap()
}

#[tokio::test]
async fn who_knows_number_and_address_reopens_nothing() {
    let (world, left, thread) = closed().await;
    let (note, rest) = thread.trim_matches(['<', '>']).split_once('.').unwrap();
    let (mark, rest) = rest.split_once('.').unwrap();
    let forged_mark: String = mark.chars().rev().collect();
    let person = flows::messages::desk::owner(&world.flows, id(&left)).await.unwrap();
    for (n, line) in [
        format!("Subject: Re: [{}] Your message has arrived", left.id),
        format!("In-Reply-To: <{}@log.example.com>", left.id),
        format!("In-Reply-To: <{note}.{}@log.example.com>", left.id),
        format!("References: <{note}.{forged_mark}.{rest}>"),
        format!("In-Reply-To: <{}.{mark}.{rest}>", note.replace('0', "1")),
        format!("Subject: <{note}.{mark}.{rest}>"),
    ]
    .iter()
    .enumerate()
    {
        let forged = format!("From: Mei <mei@example.com>\n{line}\n\nWhat did I write? {n}\n");
        assert_eq!(mail(&world, &forged).await, "new", "{line}");
        assert!(matches!(read(&world, id(&left)).await, Err(Stop::NotNow(_))), "{line}");
        let seen = newest(&world).await;
        assert_ne!(seen.person, person.to_string(), "somebody whom nobody knows");
        assert!(!seen.said.iter().any(|it| it.text.contains("Which model")));
        assert_eq!(seen.said.len(), 2, "{line}");
        let remark = &seen.said[1];
        assert_eq!((remark.kind.as_str(), remark.by.as_str()), ("internal", "system"));
        assert!(remark.text.contains(&left.id) && remark.text.contains("unknown"), "{line}");
    }
    // Whoever got the mail goes on.
    let answer = format!("From: mei@example.com\nIn-Reply-To: {thread}\n\nThe blue one.\n");
    assert_eq!(mail(&world, &answer).await, "added");
    assert_eq!(read(&world, id(&left)).await.unwrap().said.len(), 3);
}

#[tokio::test]
async fn a_mail_that_our_own_server_calls_forged_goes_nowhere_and_staff_is_told() {
    let (world, left, thread) = closed().await;
    let server = Some("mx.example.com".to_owned());
    world.flows.equip(Desk { mail_server: server, ..Desk::default() });
    let from = |said: &str| {
        format!(
            "Authentication-Results: {said}\nFrom: mei@example.com\nIn-Reply-To: {thread}\n\n{said}\n"
        )
    };
    assert_eq!(
        mail(&world, &from("mx.example.com; dmarc=fail header.from=example.com")).await,
        "new"
    );
    assert!(matches!(read(&world, id(&left)).await, Err(Stop::NotNow(_))));
    let seen = newest(&world).await;
    assert!(seen.said[1].text.contains("does not come from the address"), "{}", seen.said[1].text);
    assert!(seen.said[1].text.contains(&left.id));
    // What another server says is not heard, and what ours finds good opens nothing by itself.
    assert_eq!(mail(&world, &from("elsewhere.example; dmarc=fail")).await, "added");
    let good = "Authentication-Results: mx.example.com; dmarc=pass\nFrom: mei@example.com\n";
    let named = format!("{good}Subject: [{}]\n\nHi.\n", left.id);
    assert_eq!(mail(&world, &named).await, "new");
    let plain = format!("{good}Subject: Hello\n\nHi.\n");
    assert_eq!(mail(&world, &plain).await, "new");
    assert_eq!(newest(&world).await.said.len(), 1, "nothing to say of it");
}

#[tokio::test]
async fn what_says_that_a_mail_came_back_names_one_that_left() {
    let world = World::new().await;
    let left = leave(&world, message(TEXT)).await.unwrap();
    let back = |text: &str| {
        format!(
            "From: mailer-daemon@example.com\nReturn-Path: <>\nSubject: [{}]\n\n{text}\n",
            left.id
        )
    };
    assert_eq!(mail(&world, &back(&format!("<1.{}@log>", left.id))).await, "automatic");
    assert_eq!(read(&world, id(&left)).await.unwrap().said.len(), 1);
    let arrived = world.mails().await.pop().unwrap();
    let thread = header(&arrived, "Message-ID");
    assert_eq!(mail(&world, &back(&format!("Message-ID: {thread}"))).await, "automatic");
    assert_eq!(read(&world, id(&left)).await.unwrap().said.len(), 2);
}

/// Where nobody was named to be called, the address of the policy is.
#[tokio::test]
async fn whoever_answers_for_the_policy_is_called_where_no_manager_is_named() {
    let mut world = World::new().await;
    let left = leave(&world, message(TEXT)).await.unwrap();
    world.later(20 * 3_600_000);
    world.work().await;
    assert_eq!(queue(&world).await[0].state, "escalated");
    let contact = format!("To: {}", world.flows.book().policy().header.contact.email);
    let told = world.mails().await.into_iter().filter(|it| it.contains(&contact));
    let told: Vec<String> = told.filter(|it| it.contains(&left.id)).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(!told[0].contains("mei@"), "{}", told[0]);
}
