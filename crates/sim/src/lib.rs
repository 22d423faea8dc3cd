//! A world in which the product is tried: generated policies, people and requests, and a second,
//! naive implementation of the decision that says what the answers should have been.
//!
//! Tests only. Nothing of the product depends on this crate, and it decides about no real person.

pub mod agree;
pub mod naive;
pub mod outside;
pub mod world;
