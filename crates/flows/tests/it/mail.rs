//! Mail: in the outbox with its cause, delivered at least once, under one id, and to nobody erased.

use std::sync::{Arc, Mutex};

use flows::messages::Post;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{DAY, World};

/// A server of mail that answers the first deliveries with a failure, and keeps what it accepts.
#[derive(Clone, Default)]
struct Server {
    accepted: Arc<Mutex<Vec<String>>>,
    tried: Arc<Mutex<Vec<String>>>,
    failures: Arc<Mutex<u32>>,
}

impl Server {
    async fn start(failures: u32) -> (Self, Post) {
        let server = Self { failures: Arc::new(Mutex::new(failures)), ..Self::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().serve(stream));
            }
        });
        (server, Post::Smtp(format!("smtp://127.0.0.1:{port}")))
    }

    async fn serve(self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mail.test\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = match line.split(' ').next().unwrap_or("") {
                "EHLO" | "MAIL" | "RCPT" | "NOOP" => "250 ok\r\n",
                "QUIT" => return,
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.unwrap();
                    let mut mail = String::new();
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    self.take(mail)
                }
                _ => "502 no\r\n",
            };
            if write.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn take(&self, mail: String) -> &'static str {
        self.tried.lock().unwrap().push(id(&mail));
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return "451 later\r\n";
        }
        self.accepted.lock().unwrap().push(mail);
        "250 taken\r\n"
    }

    fn accepted(&self) -> Vec<String> {
        self.accepted.lock().unwrap().clone()
    }
}

fn id(mail: &str) -> String {
    mail.lines().find_map(|it| it.strip_prefix("Message-ID: ")).unwrap().to_owned()
}

async fn deliver(world: &World) -> usize {
    flows::messages::deliver(&world.flows, world.now).await.unwrap()
}

#[tokio::test]
async fn what_was_not_accepted_comes_again_under_the_same_id() {
    let (server, post) = Server::start(2).await;
    let mut world = World::with_post(|_| post).await;
    let form = World::form("wei@example.com");
    let registered = world.register(form).await.unwrap();
    assert_eq!(deliver(&world).await, 0);
    assert_eq!(deliver(&world).await, 0, "not at once again");
    assert_eq!(server.tried.lock().unwrap().len(), 1);
    world.later(60_000);
    assert_eq!(deliver(&world).await, 0);
    world.later(120_000);
    assert_eq!(deliver(&world).await, 1);
    assert_eq!(deliver(&world).await, 0, "what was accepted is gone");
    let tried = server.tried.lock().unwrap().clone();
    assert_eq!(tried.len(), 3);
    assert!(
        tried.iter().all(|it| *it == tried[0] && it.ends_with("@log.example.com>")),
        "{tried:?}"
    );
    let mail = server.accepted().remove(0);
    assert!(mail.contains("To: wei@example.com"));
    let code: String = mail.split("Your code is ").nth(1).unwrap().chars().take(6).collect();
    assert!(world.verify(&registered.id, &code).await.is_ok());
}

#[tokio::test]
async fn an_erased_person_gets_the_last_answer_and_nothing_else() {
    let (server, post) = Server::start(0).await;
    let mut world = World::with_post(|_| post).await;
    let registered = world.register(World::form("wei@example.com")).await.unwrap();
    let person = flows::PersonId::parse(&registered.id).unwrap();
    // Neither the code nor the mail about the closing has left when the person is erased.
    let _closing =
        flows::account::close(&world.flows, person, (None, None), world.now).await.unwrap();
    world.later(7 * DAY);
    world.work().await;
    assert_eq!(deliver(&world).await, 1);
    let mails = server.accepted();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].contains("Your data has been erased"));
    assert_eq!(deliver(&world).await, 0);
}

#[tokio::test]
async fn the_last_answer_is_not_kept_for_ever() {
    let (server, post) = Server::start(u32::MAX).await;
    let mut world = World::with_post(|_| post).await;
    let registered = world.register(World::form("wei@example.com")).await.unwrap();
    let person = flows::PersonId::parse(&registered.id).unwrap();
    let _closing =
        flows::account::close(&world.flows, person, (None, None), world.now).await.unwrap();
    world.later(7 * DAY);
    world.work().await;
    assert_eq!(deliver(&world).await, 0);
    world.later(3 * DAY);
    world.work().await;
    let tried = server.tried.lock().unwrap().len();
    world.later(DAY);
    assert_eq!(deliver(&world).await, 0);
    assert_eq!(server.tried.lock().unwrap().len(), tried, "its key was destroyed after 72 hours");
}
