//! The people of the demonstration: invented, registered and verified the way everybody is.

use std::io;
use std::path::Path;

use flows::account::{self, Register, Verify};
use flows::consent::{self, Choose, Who};
use flows::{Flows, PersonId, Plain, Secret};
use futures_util::future::try_join_all;

use super::failed;

/// Given names and family names, combined.
const GIVEN: [&str; 20] = [
    "Ada", "Bo", "Chen", "Dilan", "Elif", "Fatou", "Gao", "Hana", "Ines", "Jun", "Kofi", "Lin",
    "Mei", "Nils", "Olga", "Ping", "Rui", "Sara", "Tomas", "Yan",
];
const FAMILY: [&str; 10] =
    ["Berg", "Costa", "Huang", "Ito", "Klein", "Liang", "Moreau", "Novak", "Wang", "Zhou"];
/// People who register before the mail is looked at.
const AT_ONCE: usize = 25;

/// People who have a password.
const WITH_PASSWORD: usize = 5;

/// One invented person.
struct Invented {
    number: usize,
    email: String,
    name: String,
    region: &'static str,
    language: &'static str,
}

impl Invented {
    fn new(number: usize) -> Self {
        let given = GIVEN.get(number % GIVEN.len()).copied().unwrap_or("Ada");
        let family = FAMILY.get(number / GIVEN.len() % FAMILY.len()).copied().unwrap_or("Berg");
        let (region, language) = if number % 3 == 2 { ("eu", "en") } else { ("cn", "zh") };
        Self {
            number,
            email: format!("{given}.{family}.{number}@example.net").to_lowercase(),
            name: format!("{given} {family}"),
            region,
            language,
        }
    }

    fn born(&self) -> String {
        format!(
            "19{:02}-{:02}-{:02}",
            60 + self.number % 40,
            1 + self.number % 12,
            1 + self.number % 28
        )
    }
}

/// Registers so many people, and answers their ids.
///
/// # Errors
/// When the installation does not take one.
pub(super) async fn seed(
    flows: &Flows,
    (count, mails): (usize, &Path),
    now: decide::Timestamp,
) -> io::Result<Vec<PersonId>> {
    let all: Vec<Invented> = (0..count).map(Invented::new).collect();
    let mut people = Vec::with_capacity(count);
    for some in all.chunks(AT_ONCE) {
        // All at once: what waits at the same time shares a commit.
        let registered = some.iter().map(|it| register(flows, it, now));
        let registered = try_join_all(registered).await?;
        flows::messages::deliver(flows, now).await.map_err(failed)?;
        let codes = crate::page::take_codes(mails).await;
        let settled = some.iter().zip(&registered).map(async |(invented, person)| {
            let code = codes.get(&invented.email);
            let code = code.ok_or_else(|| io::Error::other("a code was not delivered"))?;
            verify(flows, (*person, code), now).await?;
            choose(flows, (*person, invented), now).await
        });
        try_join_all(settled).await?;
        people.extend(registered);
    }
    Ok(people)
}

async fn register(
    flows: &Flows,
    invented: &Invented,
    now: decide::Timestamp,
) -> io::Result<PersonId> {
    let mut data = vec![("name".to_owned(), Plain::new(invented.name.clone()))];
    // Hashing a password is slow on purpose: a few have one, the others sign in with a code.
    if invented.number < WITH_PASSWORD {
        let password = format!("invented password {}", invented.number);
        data.push(("password".to_owned(), Plain::new(password)));
    }
    let ask = Register {
        email: Plain::new(invented.email.clone()),
        phone: None,
        birth_date: Some(Plain::new(invented.born())),
        region: invented.region.to_owned(),
        language: invented.language.to_owned(),
        accept: flows.book().version(),
        screen: "demonstration".to_owned(),
        data,
        idempotency: None,
    };
    let registered = account::register(flows, ask, now).await.map_err(failed)?.into_inner();
    PersonId::parse(&registered.id).ok_or_else(|| io::Error::other("an id that is none"))
}

async fn verify(
    flows: &Flows,
    (person, code): (PersonId, &str),
    now: decide::Timestamp,
) -> io::Result<()> {
    let ask = Verify {
        person,
        channel: "email".to_owned(),
        code: Secret::given(code),
        label: "demonstration".to_owned(),
        browser: None,
    };
    account::verify(flows, ask, now).await.map(drop).map_err(failed)
}

/// Two of three say yes to something.
async fn choose(
    flows: &Flows,
    (person, invented): (PersonId, &Invented),
    now: decide::Timestamp,
) -> io::Result<()> {
    // The first person says nothing, so that the first refusal that is tried is one.
    if invented.number.is_multiple_of(3) {
        return Ok(());
    }
    let book = flows.book();
    let yes = |at: usize| (at + invented.number).is_multiple_of(2);
    let choices = book.choices(person.region()).into_iter().enumerate();
    let choices = choices
        .map(|(at, (id, _))| (id, if yes(at) { "given" } else { "refused" }.to_owned()))
        .collect();
    let ask = Choose {
        who: Who::Known(person),
        choices,
        text_hash: consent::text_hash(&book, person.region(), invented.language),
        language: invented.language.to_owned(),
        signals: decide::Signals::default(),
        screen: "demonstration".to_owned(),
        idempotency: None,
    };
    consent::choose(flows, ask, now).await.map(drop).map_err(failed)
}
