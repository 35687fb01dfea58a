//! What alertbook counts, held against counts that were made in another way.

#![allow(clippy::disallowed_methods, reason = "a test looks at its own surroundings")]
#![allow(clippy::similar_names, reason = "a room holds rooms")]

mod accounting;
mod architecture;
mod corpus;
mod hostile;
mod markup;
mod noise;
mod schema;
mod support;
