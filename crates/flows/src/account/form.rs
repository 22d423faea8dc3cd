//! What somebody hands in to register, read and put into its normal form.

use decide::{Account, Age, Category, Region, RegionCode, Set, Timestamp};
use policy::clause::account::First;
use policy::clause::collection::Format;
use vault::Plain;

use super::named;
use crate::book::Book;
use crate::engine::Idempotency;
use crate::{Stop, minors, value};

/// What is asked for in a field of its own.
const OWN_FIELDS: [&str; 4] = [named::EMAIL, named::PHONE, named::BIRTH_DATE, named::LANGUAGE];

/// Somebody wants an account.
#[derive(Debug)]
pub struct Register {
    /// The address.
    pub email: Plain,
    /// A telephone number.
    pub phone: Option<Plain>,
    /// The day of birth; there is no account without it where the policy asks the age first.
    pub birth_date: Option<Plain>,
    /// The home region.
    pub region: String,
    /// The language that the person reads.
    pub language: String,
    /// The version of the policy that was shown.
    pub accept: u32,
    /// On which screen it was shown.
    pub screen: String,
    /// Further values, by category.
    pub data: Vec<(String, Plain)>,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

/// The same, checked.
pub(super) struct Form {
    pub(super) region: RegionCode,
    pub(super) position: Region,
    pub(super) language: String,
    pub(super) age: Age,
    pub(super) account: Account,
    /// When the age state changes next.
    pub(super) comes_of_age: Option<Timestamp>,
    pub(super) email: Plain,
    /// Every value, the password still as it was typed.
    pub(super) values: Vec<(Category, Plain)>,
}

/// Whether the policy has the age asked before anything else.
fn age_first(book: &Book) -> bool {
    let policy = book.policy();
    let first = policy.registration.as_ref().is_some_and(|it| match it.first {
        First::Age => true,
    });
    first || policy.minors.as_ref().is_some_and(|it| it.age_first)
}

/// Whether registration asks for a category.
fn asks(book: &Book, id: &str) -> bool {
    let registration = book.policy().registration.as_ref();
    registration.is_some_and(|it| it.required.contains(id) || it.optional.contains(id))
}

impl Form {
    /// Reads and checks everything that was handed in.
    pub(super) fn read(book: &Book, ask: &Register, now: Timestamp) -> Result<Self, Stop> {
        if ask.accept != book.version() {
            let say = format!("show version {} of the policy, and accept that", book.version());
            return Err(Stop::invalid("accept.version", say));
        }
        let (region, position) = book.region(&ask.region)?;
        let language = book.language(&ask.language).to_owned();
        let mut form = Self {
            region,
            position,
            age: Age::Unknown,
            account: Account::Unverified,
            comes_of_age: None,
            email: value::email("email", ask.email.as_str())?,
            values: Vec::new(),
            language,
        };
        form.ask_age(book, ask, now)?;
        form.put(book, named::EMAIL, form.email.clone())?;
        form.ask_guardian(book, ask)?;
        // Below the legal age nothing is kept but what is needed to come back with a guardian.
        if form.age == Age::Child {
            return Ok(form);
        }
        form.put(book, named::LANGUAGE, Plain::new(form.language.clone()))?;
        if let Some(phone) = &ask.phone {
            form.put(book, named::PHONE, phone.clone())?;
        }
        // The age is asked in any case; the day is kept where the policy says so.
        if let Some(born) = ask.birth_date.as_ref().filter(|_| asks(book, named::BIRTH_DATE)) {
            form.put(book, named::BIRTH_DATE, born.clone())?;
        }
        for (id, given) in &ask.data {
            // What has a field of its own is checked there: the age, the address that is proved.
            if id == named::GUARDIAN {
                continue;
            }
            if OWN_FIELDS.contains(&id.as_str()) {
                let say = "this has a field of its own; leave it out here";
                return Err(Stop::invalid(format!("data.{id}"), say));
            }
            form.put(book, id, given.clone())?;
        }
        form.complete(book)?;
        Ok(form)
    }

    /// Age first: what may be asked next depends on it, and nobody is taken for an adult by leaving
    /// it out.
    fn ask_age(&mut self, book: &Book, ask: &Register, now: Timestamp) -> Result<(), Stop> {
        match &ask.birth_date {
            Some(born) => {
                let born = value::date("birth_date", born.as_str())?;
                self.age = minors::age(book, self.region, born, now)?;
                self.comes_of_age = minors::next(book, self.region, born, now);
            }
            None if age_first(book) => {
                let say = "the age is asked first; give the day of birth";
                return Err(Stop::invalid("birth_date", say));
            }
            None => {}
        }
        if self.age == Age::Child {
            self.account = Account::AwaitingGuardian;
        }
        Ok(())
    }

    /// The address of a guardian is asked only of whoever is asked to come with one.
    fn ask_guardian(&mut self, book: &Book, ask: &Register) -> Result<(), Stop> {
        let mut given = ask.data.iter().filter(|(id, _)| id == named::GUARDIAN);
        let Some((_, given)) = given.next() else { return Ok(()) };
        let field = "data.guardian-contact";
        match self.age {
            Age::Child | Age::Minor => {}
            Age::Unknown | Age::Adult | Age::MinorAgreed | Age::ChildAgreed => {
                let say = "no guardian is asked for at this age; leave it out";
                return Err(Stop::invalid(field, say));
            }
        }
        if value::email(field, given.as_str())? == self.email {
            let say = "a guardian has an address of their own; give that one";
            return Err(Stop::invalid(field, say));
        }
        self.put(book, named::GUARDIAN, given.clone())
    }

    fn put(&mut self, book: &Book, id: &str, given: Plain) -> Result<(), Stop> {
        let policy = book.policy();
        if policy.registration.is_none() {
            return Err(Stop::invalid("policy", "this policy has no registration"));
        }
        let category = book.category(id)?;
        if !asks(book, id) {
            let say = "registration does not ask for this; give it once you have an account";
            return Err(Stop::invalid(format!("data.{id}"), say));
        }
        let field = id.replace('-', "_");
        let value = if id == named::PASSWORD {
            super::password::check(given.as_str())?;
            given
        } else {
            let format = book.declared(category).map_or(Format::Text, |it| it.format);
            value::normal(&field, format, given.as_str(), self.region.as_str())?
        };
        self.values.retain(|(it, _)| *it != category);
        self.values.push((category, value));
        Ok(())
    }

    fn complete(&self, book: &Book) -> Result<(), Stop> {
        let held: Set<Category> = self.values.iter().map(|(it, _)| *it).collect();
        let required = book.policy().registration.iter().flat_map(|it| &it.required);
        for id in required {
            if !held.has(book.category(id)?) {
                return Err(Stop::invalid(format!("data.{id}"), "there is no account without it"));
            }
        }
        Ok(())
    }
}
