//! People for a bench: registered and verified the way everybody is, through the flows, before the
//! server starts.

use std::collections::BTreeMap;
use std::path::Path;

use flows::account::{self, Register, Verify};
use flows::consent::{self, Choose, Who};
use flows::messages::Post;
use flows::security::{AddKey, add_key};
use flows::{AskerKind, Flows, PersonId, Plain, Secret, Settings};

use crate::measure::wall;
use crate::probe::{root, said};

/// People who register before the mail is looked at.
const AT_ONCE: usize = 400;

/// A person who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) email: String,
    /// The secret of the session, for a cookie.
    pub(crate) session: String,
}

/// An installation with people and the key of an application.
#[derive(Debug, Clone)]
pub(crate) struct Seeded {
    pub(crate) people: Vec<Person>,
    pub(crate) key: String,
    /// The hash of what the banner shows, which an answer to it names.
    pub(crate) text_hash: String,
}

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) people: usize,
    /// Purposes that the key may name.
    pub(crate) purposes: &'a [&'a str],
    /// Purposes that everybody agrees to; all others stay unanswered.
    pub(crate) yes: &'a [&'a str],
}

/// Opens the installation in a folder, with the starter policy.
///
/// # Errors
/// When it cannot be opened.
pub(crate) async fn open(folder: &Path) -> Result<Flows, String> {
    std::fs::create_dir_all(folder.join("mail")).map_err(said)?;
    let settings = Settings {
        database: flows::Database::Folder(folder.join("data")),
        keys: folder.join("root.key"),
        checkpoints: Vec::new(),
        origin: "kept.local".to_owned(),
        address: "http://127.0.0.1".to_owned(),
        post: Post::Folder(folder.join("mail")),
    };
    Flows::open(settings, &starter()?, wall()).await.map_err(said)
}

/// The starter policy, from the checkout.
pub(crate) fn starter() -> Result<policy::Folder, String> {
    let mut folder = policy::Folder::default();
    let dir = root().join("policy");
    for below in ["", "holidays"] {
        for entry in std::fs::read_dir(dir.join(below)).map_err(said)? {
            let name = entry.map_err(said)?.file_name().to_string_lossy().into_owned();
            let name = if below.is_empty() { name } else { format!("{below}/{name}") };
            if policy::Folder::reads(&name) {
                let text = std::fs::read_to_string(dir.join(&name)).map_err(said)?;
                folder.files.insert(name, text);
            }
        }
    }
    Ok(folder)
}

/// Makes an installation with people in a folder, and closes it again.
///
/// # Errors
/// When it does not take one.
pub(crate) fn seed(folder: &Path, wanted: Wanted<'_>) -> Result<Seeded, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        let flows = open(folder).await?;
        seed_into(&flows, folder, wanted).await
    })
}

/// The same in an installation that is open.
///
/// # Errors
/// When it does not take one.
pub(crate) async fn seed_into(
    flows: &Flows,
    folder: &Path,
    wanted: Wanted<'_>,
) -> Result<Seeded, String> {
    let ask = AddKey {
        kind: AskerKind::App,
        name: "bench".to_owned(),
        purposes: wanted.purposes.iter().map(|it| (*it).to_owned()).collect(),
        source: None,
    };
    let key = add_key(flows, ask, wall()).await.map_err(told)?;
    let mut people = Vec::with_capacity(wanted.people);
    let numbers: Vec<usize> = (0..wanted.people).collect();
    for some in numbers.chunks(AT_ONCE) {
        people.extend(batch(flows, folder, some, wanted.yes).await?);
    }
    flows.sequence(wall()).await.map_err(told)?;
    let region = people.first().map(|it: &Person| it.id.region());
    let book = flows.book();
    let text_hash = region.map_or_else(String::new, |it| consent::text_hash(&book, it, "en"));
    Ok(Seeded { people, key: key.secret.as_str().to_owned(), text_hash })
}

/// All at once: what waits at the same time shares a commit.
async fn batch(
    flows: &Flows,
    folder: &Path,
    numbers: &[usize],
    yes: &[&str],
) -> Result<Vec<Person>, String> {
    let mut registering = tokio::task::JoinSet::new();
    for number in numbers.iter().copied() {
        let flows = flows.clone();
        registering.spawn(async move { (number, register(&flows, number).await) });
    }
    let mut registered = registering.join_all().await;
    registered.sort_by_key(|(number, _)| *number);
    while flows::messages::deliver(flows, wall()).await.map_err(told)? > 0 {}
    let mut codes = take_codes(&folder.join("mail"))?;
    let mut settling = tokio::task::JoinSet::new();
    for (number, id) in registered {
        let (flows, id) = (flows.clone(), id?);
        let code = codes.remove(&email(number)).ok_or("a code was not delivered")?;
        let yes: Vec<String> = yes.iter().map(|it| (*it).to_owned()).collect();
        settling.spawn(async move { (number, settle(&flows, (number, id), code, yes).await) });
    }
    let mut settled = settling.join_all().await;
    settled.sort_by_key(|(number, _)| *number);
    settled.into_iter().map(|(_, it)| it).collect()
}

fn email(number: usize) -> String {
    format!("person.{number}@example.net")
}

fn name(number: usize) -> String {
    format!("Invented Person {number}")
}

async fn register(flows: &Flows, number: usize) -> Result<PersonId, String> {
    let ask = Register {
        email: Plain::new(email(number)),
        phone: None,
        birth_date: Some(Plain::new("1980-05-17".to_owned())),
        region: "cn".to_owned(),
        language: "en".to_owned(),
        accept: flows.book().version(),
        screen: "bench".to_owned(),
        data: vec![("name".to_owned(), Plain::new(name(number)))],
        idempotency: None,
    };
    let registered = account::register(flows, ask, wall()).await.map_err(told)?.into_inner();
    PersonId::parse(&registered.id).ok_or_else(|| "an id that is none".to_owned())
}

async fn settle(
    flows: &Flows,
    (number, person): (usize, PersonId),
    code: String,
    yes: Vec<String>,
) -> Result<Person, String> {
    let ask = Verify {
        person,
        channel: "email".to_owned(),
        code: Secret::given(code),
        label: "bench".to_owned(),
        browser: None,
    };
    let signed_in = account::verify(flows, ask, wall()).await.map_err(told)?.into_inner();
    if !yes.is_empty() {
        let ask = Choose {
            who: Who::Known(person),
            choices: yes.into_iter().map(|it| (it, "given".to_owned())).collect(),
            text_hash: consent::text_hash(&flows.book(), person.region(), "en"),
            language: "en".to_owned(),
            signals: decide::Signals::default(),
            screen: "bench".to_owned(),
            idempotency: None,
        };
        consent::choose(flows, ask, wall()).await.map_err(told)?;
    }
    let session = signed_in.session.as_str().to_owned();
    Ok(Person { id: person, email: email(number), session })
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn told(stop: flows::Stop) -> String {
    format!("{stop:?}")
}

/// The codes in the mails of a folder, by address; the mails are removed.
fn take_codes(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut codes = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        let text = std::fs::read_to_string(&path).map_err(said)?;
        let to = text.lines().find_map(|it| it.strip_prefix("To: ")).unwrap_or_default();
        let body = text.replace("\r\n", "\n");
        let body = body.split_once("\n\n").map_or("", |(_, body)| body);
        let is_code = |it: &&str| it.len() == 6 && it.bytes().all(|it| it.is_ascii_digit());
        if let Some(code) = body.split(|it: char| !it.is_ascii_alphanumeric()).find(is_code) {
            codes.insert(to.trim_matches(['<', '>', ' ']).to_owned(), code.to_owned());
        }
        std::fs::remove_file(path).map_err(said)?;
    }
    Ok(codes)
}
