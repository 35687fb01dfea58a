//! The bundled advice: it covers every rule, has one form, and holds only commands that exist and
//! that are safe to paste whatever an alert says.

#![allow(clippy::disallowed_methods, reason = "a test looks at its own surroundings")]
#![allow(clippy::format_collect, reason = "scripts are put together line by line")]

mod about;
mod actions;
mod check;
mod commands;
mod coverage;
mod falco;
mod filled;
mod own;
mod shells;
