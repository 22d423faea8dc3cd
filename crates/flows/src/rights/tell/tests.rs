//! To whom something is told: those with whom it is shared and nobody else.

use super::*;
use crate::minors::tests::book;

fn shares(book: &Book, ids: &[&str]) -> Set<Share> {
    ids.iter().map(|id| book.rules().vocabulary().share(id).unwrap()).collect()
}

fn of(book: &Book, ids: &[&str]) -> Set<Category> {
    ids.iter().map(|id| book.category(id).unwrap()).collect()
}

fn told(book: &Book, shared: &[&str], categories: &[&str]) -> Vec<String> {
    let shared = (shares(book, shared), Set::EMPTY);
    sharing(book, shared, of(book, categories)).into_iter().collect()
}

#[test]
fn recipients_hear_of_what_they_have() {
    let book = book();
    let both = ["advertising-interests", "delivery"];
    assert_eq!(told(&book, &both, &[]), ["agency", "courier"], "all of it");
    assert_eq!(told(&book, &both, &["name"]), ["courier"], "the agency never had the name");
    assert_eq!(told(&book, &["delivery"], &["interests"]), [""; 0]);
    assert_eq!(told(&book, &[], &[]), [""; 0], "nothing was agreed to");
}

#[test]
fn a_transfer_is_told_to_whoever_got_it() {
    let book = book();
    let transfer = book.rules().vocabulary().transfer("cn-eu-service").unwrap();
    let sent = (Set::EMPTY, Set::of(transfer));
    let to: Vec<String> = sharing(&book, sent, Set::EMPTY).into_iter().collect();
    assert_eq!(to, ["eu-service"]);
}

#[test]
fn the_job_of_a_delivery_names_it() {
    let id = DeliveryId::new(decide::RegionCode::new("cn").unwrap(), 7);
    assert_eq!(delivered(&delivering(id)), Some(id));
    assert_eq!(delivered(&JobKind::named("erase")), None);
    assert!(delivering(id).as_str().starts_with("deliver/"), "it survives an erasure");
}
