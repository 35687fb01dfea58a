//! What is likely to make the noise: a guess from fixed patterns, worded as one.

use hashbrown::HashMap;

use super::Group;
use crate::{group::JOINT_FIELDS, report::Loudness, wording::span};

/// The cause suspected. It holds no text of a log.
pub fn cause(rule: &Loudness, groups: &[Group<'_>]) -> String {
    let mut sentences = Vec::new();
    if rule.fleet_wide {
        sentences.push(
            "It came on many hosts at about the same time in the same form: more often a rollout, \
             a new image or a changed rule than anything else."
                .to_owned(),
        );
    }
    if let Some(seconds) = rule.timer_seconds {
        sentences.push(format!(
            "A timer is likely, about every {}: cron, a health check or a probe.",
            span(seconds)
        ));
    }
    sentences.extend(one_source(groups).map(str::to_owned));
    if sentences.is_empty() {
        return "The alerts do not show one cause: look at the samples first.".into();
    }
    sentences.join(" ")
}

/// What nine of ten alerts share.
fn one_source(groups: &[Group<'_>]) -> Option<&'static str> {
    [
        ("proc.cmdline", "Nearly all of it is one command line: one program doing one job."),
        (
            "container.image.repository",
            "Nearly all of it comes from one image: what the image ordinarily does is likely.",
        ),
        ("proc.pname", "Nearly all of it comes from one parent process."),
        ("ka.user.name", "Nearly all of it comes from one API account, such as a controller's."),
    ]
    .into_iter()
    .find(|(field, _)| shared(groups, field))
    .map(|(_, sentence)| sentence)
}

fn shared(groups: &[Group<'_>], field: &str) -> bool {
    let Some(at) = JOINT_FIELDS.iter().position(|name| *name == field) else { return false };
    let (mut counts, mut all): (HashMap<&str, u64>, u64) = (HashMap::new(), 0);
    for combination in groups.iter().flat_map(|group| &group.joint.list) {
        all += combination.count;
        if let Some(value) = combination.values[at] {
            *counts.entry(value).or_default() += combination.count;
        }
    }
    counts.values().max().is_some_and(|most| most * 10 >= all * 9)
}
