//! All bundled advice, filled with what a host may say: it stays what its author wrote.

use std::sync::Arc;

use std::{
    collections::BTreeMap,
    io::Write as _,
    process::{Command, Stdio},
    sync::Mutex,
};

use alertbook::{
    mitigation::Library,
    page::Page,
    render::{Engine, Formats, Sources, Survey, Texts, checklist, pages},
    report::Mitigation,
};

use crate::{
    html, markdown,
    support::{Words, report},
};

const WORKLOADS: [&str; 4] = ["kubernetes", "container", "host", "audit"];

/// The pages of a report that has an incident for each piece of bundled advice.
fn site(
    engine: &Engine,
    library: &Library,
    workload: &str,
    words: &Words,
) -> BTreeMap<String, String> {
    let mut report = report(words);
    let first = report.incidents[0].clone();
    report.incidents.clear();
    for (file, advice) in library.advice() {
        let mut incident = first.clone();
        incident.path = format!("incidents/the-rule-01234567/{}", file.replace(".md", "")).into();
        Arc::make_mut(&mut incident.mitigation).file.clone_from(file);
        let seen = Arc::make_mut(&mut incident.seen);
        workload.clone_into(&mut seen.workload);
        workload.clone_into(&mut seen.places[0].workload);
        incident.samples.clear();
        report.incidents.push(incident);
        let (title, template) = (advice.front.title.clone(), advice.template.clone());
        report
            .mitigations
            .insert(file.clone(), Mitigation { title, own: false, extends: None, template });
    }
    let made = Mutex::new(BTreeMap::new());
    let emit = |page: Page| {
        let text = String::from_utf8(page.bytes).expect("pages are UTF-8");
        made.lock().expect("no panic").insert(page.path, text);
        Ok(())
    };
    let formats = Formats { json: false, ..Formats::ALL };
    pages(&Survey::new(&report, None), None, engine, formats, &emit).expect("all can be made");
    made.into_inner().expect("no panic")
}

#[test]
fn hostile_values_change_no_advice_and_leave_its_commands_sound() {
    let library = Library::new("", &Texts::new()).expect("the library is sound");
    let partials = library.partials().clone();
    let engine = Engine::new(&Sources { partials, ..Sources::default() }).expect("it parses");
    let hostile = Words::all("-a' \"<b>`x`|*[y](z) $(touch pwned)\n{{7}}: #1 @user \\");
    let mut advised = 0;
    for workload in WORKLOADS {
        let plain = site(&engine, &library, workload, &Words::plain());
        for (path, page) in &site(&engine, &library, workload, &hostile) {
            let expected = &plain[path];
            let ending = path.rsplit('.').next();
            if ending == Some("md") {
                assert_eq!(markdown::tags(page), markdown::tags(expected), "{path}, {workload}");
                advised += usize::from(path.starts_with("incidents/the-rule"));
                check_commands(path, &markdown::fences(page, "sh").concat());
            } else if ending == Some("html") {
                assert_eq!(html::tags(page), html::tags(expected), "{path}, {workload}");
            }
        }
    }
    assert_eq!(advised, library.advice().len() * WORKLOADS.len());
}

/// Whether a shell can read the commands, which are not run.
fn check_commands(path: &str, commands: &str) {
    let shell = Command::new("bash").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut shell) = shell else { return };
    let mut input = shell.stdin.take().expect("it reads");
    input.write_all(commands.as_bytes()).expect("it reads all");
    drop(input);
    let output = shell.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{path}: {said}\n{commands}");
}

#[test]
fn the_steps_of_an_incident_are_read_with_its_values() {
    let report = report(&Words::all("it's <b>`x`"));
    let partials = [("_evidence.md".to_owned(), "- [ ] Keep it.\n".to_owned())].into();
    let engine = Engine::new(&Sources { partials, ..Sources::default() }).expect("it parses");
    let steps = checklist(&report, &report.incidents[0], &engine).expect("it can be filled");
    let step = |part: &str, text: &str| (part.to_owned(), text.to_owned());
    let told: Vec<_> = steps.into_iter().map(|step| (step.part, step.text)).collect();
    assert_eq!(
        told,
        [
            step("Confirm", "Look at it's <b>'x' and `it's <b>'x'`."),
            step("Confirm", "Falco"),
            step("Confirm", "Keep it."),
        ]
    );
}

#[test]
fn what_the_keys_of_an_alert_mean_has_one_source() {
    let mut report = report(&Words::plain());
    for (name, meaning) in &mut report.keys {
        *meaning = format!("Meaning of {name} here");
    }
    let partials = [("_evidence.md".to_owned(), "x\n".to_owned())].into();
    let engine = Engine::new(&Sources { partials, ..Sources::default() }).expect("it parses");
    let made = Mutex::new(BTreeMap::new());
    let emit = |page: Page| {
        made.lock().expect("no panic").insert(page.path, page.bytes);
        Ok(())
    };
    let formats = Formats { json: false, ..Formats::ALL };
    pages(&Survey::new(&report, None), None, &engine, formats, &emit).expect("all can be made");
    let made = made.into_inner().expect("no panic");
    for ending in ["html", "md"] {
        let page = &made[&format!("{}.{ending}", report.incidents[0].path)];
        let page = String::from_utf8_lossy(page);
        for key in [
            "rule",
            "priority",
            "time",
            "output",
            "output_fields",
            "source",
            "tags",
            "hostname",
            "uuid",
        ] {
            assert!(
                page.contains(&format!("Meaning of {key} here"))
                    || page.contains(&format!("`Meaning of {key} here`")),
                "{ending}: {key}"
            );
        }
    }
}
