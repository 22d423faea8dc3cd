//! A permit cannot be copied.

fn copy(permit: &decide::Permit) -> decide::Permit {
    permit.clone()
}

fn main() {}
