//! What a permit permits cannot be changed.

fn widen(permit: &mut decide::Permit) {
    permit.categories = decide::Set::from_bits(u64::MAX);
}

fn main() {}
