//! What alertbook counts, held against counts that were made in another way.

#![allow(clippy::disallowed_methods, reason = "a test looks at its own surroundings")]

mod accounting;
mod architecture;
mod corpus;
mod schema;
mod support;
