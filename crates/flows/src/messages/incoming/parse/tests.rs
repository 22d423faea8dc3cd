use super::*;

mod bytes;

const CASE: &str = "msg_eu_0192a0b0c0d0e0f00102030405060708";
const NOTE: &str = "00000000000000000000000000000001";

fn read(mail: &str) -> Letter {
    Letter::read(mail.replace('\n', "\r\n").as_bytes()).unwrap()
}

#[test]
fn an_answer_names_its_conversation_wherever_programs_put_it() {
    for (line, answers) in [
        (format!("In-Reply-To: <{NOTE}.{NOTE}.{CASE}@log.example.com>"), 1),
        (format!("References: <a@b> <{NOTE}.{NOTE}.{CASE}@log.example.com>"), 1),
        // These name it, and answer no mail.
        (format!("In-Reply-To: <{NOTE}.{CASE}@log.example.com>"), 0),
        (format!("References: <a@b>\n <x.{NOTE}.{NOTE}.{CASE}@log.example.com>"), 0),
        (format!("Subject: Re: [{CASE}] Your message has arrived"), 0),
    ] {
        let mail = read(&format!("From: Wei <wei@example.com>\n{line}\n\nThanks.\n"));
        assert_eq!(mail.named, [MessageId::parse(CASE).unwrap()], "{line}");
        assert_eq!(mail.answers.len(), answers, "{line}");
        assert_eq!(mail.from, "wei@example.com");
        assert!(!mail.automatic);
    }
}

#[test]
fn what_a_machine_wrote_is_told_from_what_somebody_wrote() {
    let from = "From: wei@example.com\n";
    for line in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "List-Id: <news.example.com>",
        "Return-Path: <>",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ] {
        assert!(read(&format!("{from}{line}\n\nAway.\n")).automatic, "{line}");
    }
    assert!(!read(&format!("{from}Auto-Submitted: no\n\nHere.\n")).automatic);
    assert!(read("From: MAILER-DAEMON@example.com\n\nNo such box.\n").bounced);
}

#[test]
fn what_came_back_names_the_conversation_of_the_mail_in_it() {
    let mail = read(&format!(
        "From: mailer-daemon@example.com\nContent-Type: multipart/report; boundary=x\n\n--x\n\n\
         No such box.\n--x\nContent-Type: message/rfc822\n\nMessage-ID: <{NOTE}.{NOTE}.{CASE}@log>\n\nHi\n--x--\n"
    ));
    assert_eq!(mail.answers.first().unwrap().case, MessageId::parse(CASE).unwrap());
}

#[test]
fn a_text_is_kept_within_bounds_and_files_are_not() {
    let long = "字".repeat(MESSAGE_BYTES_MAX);
    let mail =
        read(&format!("From: a@example.com\nContent-Type: text/plain; charset=utf-8\n\n{long}\n"));
    assert!(mail.whole().len() <= MESSAGE_BYTES_MAX);
    assert!(Letter::read(b"\r\n\r\nnobody wrote this").is_none());
}

/// What people in China write from their phones.
#[test]
fn older_chinese_encodings_are_read() {
    let mut raw =
        b"From: a@example.com\r\nContent-Type: text/plain; charset=gb18030\r\n\r\n".to_vec();
    raw.extend([0xc4, 0xe3, 0xba, 0xc3]);
    assert_eq!(Letter::read(&raw).unwrap().whole(), "你好");
}
