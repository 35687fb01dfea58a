//! Eight weeks with planted facts, each of which must be in the report with its number; and the
//! history that outlives the logs.

#![allow(clippy::disallowed_methods, reason = "a test looks at its own surroundings")]

mod data;
mod history;
mod layers;
mod ledger;
mod pages;
mod planted;
mod verdicts;
