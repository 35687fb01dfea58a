//! The program as a whole, on logs of this project's own making.
//!
//! One crate with a module for each question, so that the library is linked once.

#![allow(clippy::disallowed_methods, reason = "a test looks at its own surroundings")]

mod alerts;
mod program;

mod again;
mod bounds;
mod cli;
mod determinism;
mod examples;
mod files;
mod golden;
mod own;
mod rules;
mod schema;
mod surroundings;
mod survival;
mod traces;
