//! A permit has no value of its own.

fn forge() -> decide::Permit {
    Default::default()
}

fn main() {}
