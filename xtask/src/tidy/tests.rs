use super::*;

/// The checks over this very repository, each by its name, so that a run of the tests shows it too.
macro_rules! holds {
    ($($name:ident => $check:path),* $(,)?) => {$(
        #[test]
        fn $name() {
            let tree = Tree::read(&crate::root().unwrap()).unwrap();
            let found: Vec<_> = $check(&tree).iter().map(ToString::to_string).collect();
            assert!(found.is_empty(), "\n{}\n", found.join("\n"));
        }
    )*};
}

holds! {
    crates_know_only_the_layers_below => layers::check,
    files_say_what_they_are => headers::check,
    files_fit_a_sitting => lengths::check,
    nouns_stand_in_every_layer => nouns::check,
    statements_stand_in_the_journal => sql::check,
    tables_belong_to_one_module => tables::check,
    words_are_those_of_the_glossary => words::check,
    things_stand_where_they_may => places::check,
    decisions_are_numbered => decisions::check,
    tests_neither_sleep_nor_hide => tests_law::check,
    lints_are_in_force => lints::check,
    mistakes_have_their_tests => mistakes::check,
}

#[test]
fn a_fault_is_listed_with_the_name_of_its_check() {
    let tree = Tree::planted(&[("crates/decide/src/mod.rs", "//! What a rule is.\n")]);
    assert!(
        faults(&tree).iter().any(|line| line.starts_with("[lengths] crates/decide/src/mod.rs"))
    );
}
