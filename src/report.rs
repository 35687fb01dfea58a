//! Incidents, mitigations and the accounting become one [`Report`].

mod model;

pub use model::*;
