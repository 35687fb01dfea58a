//! The page on noise and tuning, and what other pages show of it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Contexts, LINES, SiteHead};
use crate::report::{Loudness, Noise, Verdicts};

/// Drafts on the page on noise.
const DRAFTS: usize = 50;

/// The page on noise and tuning.
#[derive(Serialize, JsonSchema)]
pub struct NoisePage<'a> {
    /// The site.
    pub site: SiteHead<'a>,
    /// How loud each rule is, the loudest first, at most 500.
    pub loudness: &'a [Loudness],
    /// Rules beyond those.
    pub more_loudness: usize,
    /// Rules that may be worth tuning, the loudest first, at most 50.
    pub noise: &'a [Noise],
    /// Such rules beyond those.
    pub more_noise: usize,
    /// What people decided about incidents.
    pub verdicts: &'a Verdicts,
}

impl<'a> Contexts<'a> {
    /// The page on noise and tuning.
    pub fn noise(&self) -> NoisePage<'a> {
        let report = self.report;
        NoisePage {
            site: self.site("noise"),
            loudness: first(&report.loudness, LINES),
            more_loudness: report.loudness.len().saturating_sub(LINES),
            noise: first(&report.noise, DRAFTS),
            more_noise: report.noise.len().saturating_sub(DRAFTS),
            verdicts: &report.verdicts,
        }
    }

    /// What there is to say of a rule as noise.
    pub(super) fn noise_of(&self, rule: &str) -> Option<&'a Noise> {
        self.report.noise.iter().find(|noise| noise.rule == rule)
    }
}

/// The first of a list.
pub(super) fn first<T>(list: &[T], most: usize) -> &[T] {
    &list[..list.len().min(most)]
}
