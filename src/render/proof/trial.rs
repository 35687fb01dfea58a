//! Templates of advice given to the engine, to see what it says of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tera::{Context, Tera};

use super::super::{
    Engine, Error, Sources,
    advice::{Facts, blank},
    engine::{self, mitigation_name},
};
use crate::{
    mitigation,
    priority::Priority,
    report::{Seen, SeenPlace},
    time::Timestamp,
};

/// Kinds of workload that an advice is filled for.
const WORKLOADS: [&str; 4] = ["kubernetes", "container", "host", "audit"];

/// Errors of one file of which no more are looked for.
const MOST: usize = 50;

/// What the engine says of a template: line, column, and what is wrong.
pub type Said = (usize, usize, String);

/// The variables that an advice is filled with.
pub fn variables() -> BTreeSet<String> {
    let mut names = names(&blank(""));
    names.extend(self::names(&Facts::sample(&[])));
    names
}

fn names(values: &impl Serialize) -> BTreeSet<String> {
    let value = serde_json::to_value(values).unwrap_or_default();
    value.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default()
}

/// Has the engine parse and fill all templates, by file name. `unknown` are variables of each file
/// that are told of elsewhere.
pub fn trial(
    sources: &Sources,
    texts: &BTreeMap<String, String>,
    unknown: &BTreeSet<String>,
) -> Result<BTreeMap<String, BTreeSet<Said>>, Error> {
    let base = Engine::new(&Sources { partials: sources.partials.clone(), ..Sources::default() })?;
    let mut said = BTreeMap::new();
    let (engine, sound) = parsed(base.markdown(), texts, &mut said);
    for file in sound.iter().filter(|file| !mitigation::is_partial(file)) {
        for context in contexts(unknown)? {
            if let Err(error) = engine::render(&engine, &name(file), &context) {
                tell(&error, file, &mut said);
            }
        }
    }
    Ok(said)
}

/// The engine with all templates that it takes, and their names; the others are told of.
fn parsed<'t>(
    base: &Tera,
    texts: &'t BTreeMap<String, String>,
    said: &mut BTreeMap<String, BTreeSet<Said>>,
) -> (Tera, BTreeSet<&'t str>) {
    let mut sound: BTreeSet<&str> = texts.keys().map(String::as_str).collect();
    let mut engine = base.clone();
    for _ in 0..MOST * texts.len().max(1) {
        let templates: Vec<_> = texts
            .iter()
            // Others may include what does not parse.
            .map(|(file, text)| (name(file), if sound.contains(&**file) { text } else { "" }))
            .collect();
        let error = match engine::filled(engine.clone(), &templates) {
            Ok(filled) => return (filled, sound),
            Err(error) => error,
        };
        let file = texts.keys().find(|file| error.is_in(&name(file)));
        let Some(file) = file else {
            // No single template is at fault: each is told of by itself.
            for file in sound.iter().copied().collect::<Vec<_>>() {
                if let Err(error) = engine::filled(engine.clone(), &[(name(file), &texts[file])]) {
                    sound.remove(file);
                    tell(&error, file, said);
                }
            }
            continue;
        };
        tell(&error, file, said);
        if !stand_in(&mut engine, &error) {
            sound.remove(file.as_str());
        }
    }
    (base.clone(), BTreeSet::new())
}

/// Lets a filter, function or test that does not exist be one, to find what else is wrong.
fn stand_in(engine: &mut Tera, error: &Error) -> bool {
    let Error::Template { message, .. } = error else { return false };
    let Some(name) = message.split('`').nth(1) else { return false };
    // The engine wants names that live as long as the program; these few do.
    let name: &'static str = name.to_owned().leak();
    if message.starts_with("Unknown filter") {
        engine.register_filter(name, |value: &tera::Value, _: tera::Kwargs, _: &tera::State| {
            value.clone()
        });
    } else if message.starts_with("Unknown function") {
        engine.register_function(name, |_: tera::Kwargs, _: &tera::State| String::new());
    } else if message.starts_with("Unknown test") {
        engine.register_test(name, |_: &tera::Value, _: tera::Kwargs, _: &tera::State| true);
    } else {
        return false;
    }
    true
}

fn tell(error: &Error, file: &str, said: &mut BTreeMap<String, BTreeSet<Said>>) {
    let one = match error {
        Error::Template { line, column, message, file: in_file } => {
            // What an included piece does wrong is told of there.
            let own = in_file.strip_prefix("mitigations/").unwrap_or(in_file);
            (own.to_owned(), (*line, *column, message.clone()))
        }
        other => (file.to_owned(), (1, 1, other.to_string())),
    };
    said.entry(one.0).or_default().insert(one.1);
}

fn name(file: &str) -> String {
    if mitigation::is_partial(file) { file.to_owned() } else { mitigation_name(file) }
}

/// What an advice may be filled with: for each kind of workload, once with what was seen and once
/// with names in capitals.
fn contexts(unknown: &BTreeSet<String>) -> Result<Vec<Context>, Error> {
    let mut contexts = Vec::new();
    let tags = ["mitre_execution".to_owned()];
    for workload in WORKLOADS {
        for seen in [blank(workload), seen(workload)] {
            let mut context = engine::context(&seen)?;
            context.extend(engine::context(&Facts::sample(&tags))?);
            for name in unknown {
                context.insert(name.clone(), "");
            }
            contexts.push(context);
        }
    }
    Ok(contexts)
}

fn seen(workload: &str) -> Seen {
    let two = || vec!["one".to_owned(), "two".to_owned()];
    let blank = blank(workload);
    let place = |workload: &str| SeenPlace { workload: workload.into(), ..blank.places[0].clone() };
    Seen {
        places: vec![place(workload), place("kubernetes"), place("container"), place("host")],
        more_places: 1,
        namespaces: two(),
        pods: two(),
        containers: two(),
        container_ids: two(),
        images: two(),
        users: two(),
        processes: two(),
        parents: two(),
        commands: two(),
        files: two(),
        connections: two(),
        ..blank
    }
}

impl<'a> Facts<'a> {
    /// Facts of no incident.
    fn sample(tags: &'a [String]) -> Self {
        let time = Timestamp::from_secs(0);
        Self {
            rule: "Rule",
            host: "host",
            priority: Priority::Notice,
            count: 2,
            first_seen: time,
            last_seen: time,
            tags,
        }
    }
}
