#![expect(clippy::cast_possible_truncation, reason = "sizes in these tests are small")]

use super::*;

mod crash;
mod history;
mod merkle;
mod parsers;
mod vectors;
pub(super) mod world;
