//! A permit that was handed over is gone.

fn open(_: decide::Permit) {}

fn twice(permit: decide::Permit) {
    open(permit);
    open(permit);
}

fn main() {}
