// The end of a mutant's `main.rs`: the decision, changed, beside the naive one, unchanged.

extern crate self as decide;
mod agree;
mod naive;
mod world;

/// Which change is in force; 0 for none.
static MUTANT: std::sync::OnceLock<usize> = std::sync::OnceLock::new();

fn mutant(number: usize) -> bool {
    MUTANT.get() == Some(&number)
}

fn main() {
    let number = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
    let _set = MUTANT.set(number);
    for seed in 0..200 {
        let mut dice = world::Dice::seeded(seed);
        let mut asked = world::World::new(&mut dice);
        let Some(rules) = asked.rules() else { std::process::exit(2) };
        for _ in 0..60 {
            if let Err(what) = agree::agree(&asked, &rules) {
                println!("{what}");
                std::process::exit(1);
            }
            asked.ask(&mut dice);
        }
    }
}
