//! A second build of the same: pages that would be the same are not made, and nothing else shows it.

use std::{collections::BTreeMap, fs, path::Path};

use alertbook::{
    Built, Logs, Surroundings,
    address::{Mailbox, Site},
    config::Config,
    render::Formats,
    time::{Timestamp, Zone},
};

use crate::{
    alerts::{alert, at, lines},
    program::{Desk, command, files, finish},
};

const NOTE: &str = ".alertbook-made-from";

/// A build, and all that it is made from beside the files of its desk.
struct Run {
    config: Config,
    generated: Option<Timestamp>,
    program: Option<blake3::Hash>,
}

impl Run {
    fn of(formats: Formats) -> Self {
        let config = Config { formats, ..Config::default() };
        Self { config, generated: None, program: Some(blake3::hash(b"this program")) }
    }

    #[track_caller]
    fn build(&self, desk: &Desk, site: &str) -> Built {
        let around =
            Surroundings { generated: self.generated, progress: &|_| (), program: self.program };
        let logs = Logs::Paths(vec![desk.path().join("logs")]);
        let built = alertbook::build(logs, &desk.path().join(site), &self.config, &around);
        built.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Fails unless pages are taken over exactly if `kept` says so, and the site is as a new one.
    #[track_caller]
    fn again(&self, desk: &Desk, kept: bool, what: &str) -> Built {
        let built = self.build(desk, "site");
        assert_eq!(built.pages_made, !kept, "{what}");
        let new = desk.path().join("new");
        self.build(desk, "new");
        same(&files(&desk.path().join("site")), &files(&new), what);
        fs::remove_dir_all(new).expect("it is removed");
        built
    }
}

#[track_caller]
fn same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert!(one.keys().eq(other.keys()), "{what}: {:?}, {:?}", one.keys(), other.keys());
    for (name, bytes) in one {
        assert!(*bytes == other[name], "{what}: {name} differs");
    }
}

fn desk() -> Desk {
    let alerts = [("Odd shell", "node-1"), ("Odd shell", "node-2"), ("Odd file", "node-1")];
    let alerts = alerts.map(|(rule, host)| alert(rule, host, &at(60)));
    let desk = Desk::with_log(&lines(&alerts));
    desk.write("templates/html/_note.html", "<p>Our note.</p>");
    desk.write("mitigations/shell.md", ADVICE);
    desk.write("mitigations/_piece.md", "A piece.\n");
    desk
}

const ADVICE: &str = "+++\ntitle = \"Ours\"\nrules = [\"Odd shell\"]\n+++\n\n### Confirm\n\n- [ ] **Ask.** Who was it?\n";

const HTML: Formats = Formats { html: true, markdown: false, json: false };
const MARKDOWN: Formats = Formats { html: false, markdown: true, json: false };

#[test]
fn what_was_made_from_the_same_is_not_made_again() {
    let pages = Formats { json: false, ..Formats::ALL };
    for formats in [Formats::ALL, HTML, MARKDOWN, pages] {
        let (desk, run) = (desk(), Run::of(formats));
        assert!(run.build(&desk, "site").pages_made);
        let when = |name: &str| {
            let known = fs::metadata(desk.path().join("site").join(name)).expect("it is there");
            known.modified().expect("a time")
        };
        let names: Vec<_> = files(&desk.path().join("site")).into_keys().collect();
        let before: Vec<_> = names.iter().map(|name| when(name)).collect();
        let outcome = run.again(&desk, true, "nothing changed").outcome;
        // All but the manifest and the note.
        assert_eq!((outcome.written, outcome.kept), (0, names.len() - 2), "{formats:?}");
        assert_eq!(outcome.removed, 0);
        let after: Vec<_> = names.iter().map(|name| when(name)).collect();
        assert!(before == after, "{formats:?}");
    }
}

#[test]
fn a_report_for_machines_alone_has_no_pages_to_keep() {
    let run = Run::of(Formats { html: false, markdown: false, json: true });
    let desk = desk();
    for _ in 0..2 {
        assert!(!run.build(&desk, "site").pages_made);
    }
    assert!(!desk.path().join("site").join(NOTE).exists());
}

#[test]
fn whatever_pages_are_made_from_makes_them_again() {
    let changes: [(&str, fn(&Desk, &mut Run)); 18] = [
        ("an alert more", |desk, _| {
            let text = desk.read("logs/falco.log") + &lines(&[alert("New", "node-9", &at(90))]);
            desk.write("logs/falco.log", text);
        }),
        ("another word of an alert", |desk, _| {
            let text = desk.read("logs/falco.log").replacen("sh -c id", "sh -c ls", 1);
            desk.write("logs/falco.log", text);
        }),
        ("another name of the log", |desk, _| {
            let folder = desk.path().join("logs");
            fs::rename(folder.join("falco.log"), folder.join("f.log")).expect("it is renamed");
        }),
        ("templates", |desk, run| run.config.templates = Some(desk.path().join("templates"))),
        ("another template", |desk, _| {
            desk.write("templates/html/incident.html", "{{ incident.id }}");
        }),
        ("a changed template", |desk, _| {
            desk.write("templates/html/incident.html", "{{ incident.host }}");
        }),
        ("a piece of templates that no page has", |desk, _| {
            desk.write("templates/html/_note.html", "<p>Another.</p>");
        }),
        ("advice", |desk, run| run.config.mitigations = Some(desk.path().join("mitigations"))),
        ("changed advice", |desk, _| {
            desk.write("mitigations/shell.md", ADVICE.replace("Who was it?", "Who is it?"));
        }),
        ("a piece of advice that is in no page", |desk, _| {
            desk.write("mitigations/_piece.md", "Another.\n");
        }),
        ("a title", |_, run| run.config.title = "Ours".into()),
        ("a zone", |_, run| run.config.timezone = Zone::named("Asia/Tokyo").expect("a zone")),
        ("an address", |_, run| {
            run.config.delivery.site = Site::parse("https://a.example/b/").ok();
        }),
        ("a sender", |_, run| run.config.delivery.from = Mailbox::parse("a@a.example").ok()),
        ("a recipient", |_, run| {
            run.config.delivery.to.push(Mailbox::parse("b@a.example").expect("an address"));
        }),
        ("the time of the report", |_, run| {
            run.generated = "2026-11-30T00:00:00Z".parse().ok();
        }),
        ("the formats", |_, run| run.config.formats.markdown ^= true),
        ("the program", |_, run| run.program = Some(blake3::hash(b"built anew"))),
    ];
    for formats in [Formats::ALL, HTML] {
        let (desk, mut run) = (desk(), Run::of(formats));
        run.build(&desk, "site");
        for (what, change) in changes {
            change(&desk, &mut run);
            run.again(&desk, false, what);
            let before = files(&desk.path().join("site"));
            assert!(!run.build(&desk, "site").pages_made, "{what}, and the same again");
            same(&files(&desk.path().join("site")), &before, what);
        }
    }
}

#[test]
fn a_page_that_a_person_touched_is_made_again() {
    let (desk, run) = (desk(), Run::of(Formats::ALL));
    run.build(&desk, "site");
    for name in ["index.html", "noise.md", "brief.txt", "static/style.css"] {
        let page = desk.path().join("site").join(name);
        let text = fs::read_to_string(&page).expect("a page");
        fs::write(&page, text.to_uppercase()).expect("it is written");
        assert_eq!(run.again(&desk, false, name).outcome.written, 1);
        fs::remove_file(&page).expect("it is removed");
        assert_eq!(run.again(&desk, false, name).outcome.written, 1);
        run.again(&desk, true, name);
    }
    // What is always made is no reason to make the others.
    for name in ["report.json", "incidents.csv", "rejected.jsonl", "report.schema.json"] {
        fs::write(desk.path().join("site").join(name), "{}").expect("it is written");
        assert_eq!(run.again(&desk, true, name).outcome.written, 1);
    }
}

#[test]
fn a_program_that_does_not_know_itself_makes_all_pages() {
    let (desk, known) = (desk(), Run::of(Formats::ALL));
    let unknown = Run { program: None, ..Run::of(Formats::ALL) };
    for _ in 0..2 {
        unknown.again(&desk, false, "unknown");
    }
    assert!(!desk.path().join("site").join(NOTE).exists());
    // As over the site of a program that left no note.
    let outcome = known.again(&desk, false, "known").outcome;
    assert_eq!((outcome.written, outcome.removed), (0, 0));
    known.again(&desk, true, "known");
}

#[test]
fn nothing_that_a_run_says_tells_whether_pages_were_made() {
    let mut text = lines(&[alert("Odd shell", "4f1c0a2b9d33", &at(0))]);
    text.push_str("{\"rule\":\"no time\"}\n");
    let desk = Desk::with_log(&text);
    desk.build(&[]);
    let site = desk.path().join("site");
    let say = |deny: &[&str]| {
        let args: Vec<_> = ["build", "logs", "-o", "site", "-v"].iter().chain(deny).collect();
        let ran = finish(command(desk.path()).args(args), None);
        (ran.status, ran.out, ran.err)
    };
    for (deny, status) in [(&[][..], 0), (&["--strict"], 1), (&["--deny", "notice"], 1)] {
        let kept = say(deny);
        fs::remove_file(site.join(NOTE)).expect("the note is there");
        assert_eq!(say(deny), kept);
        assert_eq!(kept.0, status);
        assert!(kept.1.contains(": 0 pages written, "), "{}", kept.1);
        assert!(kept.2.contains("warning: "), "{}", kept.2);
    }
}

#[test]
fn templates_are_read_and_wrong_ones_refused_whatever_was_made_before() {
    let desk = desk();
    let build = ["build", "logs", "-o", "site", "--templates", "templates"];
    desk.run(&build).ended(0);
    let before = files(&desk.path().join("site"));
    for (text, words) in [("{% if", "html/rule.html:1:"), ("{{ rulee }}", "did you mean `rule`?")] {
        desk.write("templates/html/rule.html", text);
        desk.run(&build).refused(words);
        same(&files(&desk.path().join("site")), &before, text);
    }
    fs::remove_file(desk.path().join("templates/html/rule.html")).expect("it is removed");
    let ran = desk.run(&build).ended(0);
    assert!(ran.out.contains(": 0 pages written, "), "{}", ran.out);
}

#[test]
fn the_program_knows_itself() {
    let desk = desk();
    desk.build(&[]);
    let note = |site: &str| fs::read(desk.path().join(site).join(NOTE)).expect("a note");
    let first = note("site");
    assert_eq!(first.len(), 65);
    // Another build of it is another program.
    let other = desk.path().join("other");
    let mut bytes = fs::read(env!("CARGO_BIN_EXE_alertbook")).expect("the program");
    bytes.push(0);
    fs::write(&other, bytes).expect("it is written");
    make_runnable(&other);
    let mut command = std::process::Command::new(&other);
    let ran = finish(command.current_dir(desk.path()).args(["build", "logs", "-o", "site"]), None);
    let ran = ran.ended(0);
    assert!(ran.out.contains(": 0 pages written, "), "{}", ran.out);
    assert_ne!(note("site"), first);
    desk.build(&[]);
    assert_eq!(note("site"), first);
}

#[cfg(unix)]
fn make_runnable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
}

#[cfg(not(unix))]
fn make_runnable(_path: &Path) {}
