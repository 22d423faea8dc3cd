use super::*;

mod crash;
mod history;
mod merkle;
mod parsers;
mod vectors;
mod world;
