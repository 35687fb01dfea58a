//! What is the user's own: settings, templates and mitigations.

use crate::{
    alerts::{alert, at, lines, log},
    program::{Desk, files, site},
};

#[test]
fn an_unknown_key_is_named_with_the_nearest() {
    let desk = Desk::with_log(&log(1));
    desk.write("alertbook.toml", "title = \"T\"\ntimezon = \"UTC\"\n");
    desk.run(&["check", "logs"])
        .refused("alertbook.toml:2:1: there is no key timezon; did you mean timezone?");
    desk.write("alertbook.toml", "period = [");
    desk.run(&["build", "logs"]).refused("alertbook.toml:1:");
}

#[test]
fn flags_win_over_the_file_and_the_file_over_the_defaults() {
    let desk = Desk::with_log(&log(1));
    desk.write("alertbook.toml", "title = \"Ours\"\ngap = \"30m\"\ntimezone = \"Asia/Tokyo\"\n");
    let report = desk.build(&["--gap", "10m"]);
    assert_eq!(report["title"], "Ours");
    assert_eq!(report["period"]["timezone"], "Asia/Tokyo");
    assert_eq!(report["method"]["gap_seconds"], 600);
    assert_eq!(report["method"]["min_priority"], "Debug");
}

#[test]
fn folders_named_in_the_file_are_beside_it() {
    let desk = Desk::with_log(&log(1));
    desk.write("etc/alertbook.toml", "templates = \"mine\"\n");
    desk.write("etc/mine/html/index.html", "<p>ours, {{ accounting.alerts }}</p>");
    desk.build(&["--config", "etc/alertbook.toml"]);
    assert_eq!(desk.read("site/index.html"), "<p>ours, 1</p>");
}

#[test]
fn init_writes_once() {
    let desk = Desk::with_log(&log(1));
    assert_eq!(desk.run(&["init"]).ended(0).out, "./alertbook.toml\n");
    let written = desk.read("alertbook.toml");
    desk.run(&["check", "logs"]).ended(0);
    desk.write("alertbook.toml", "# mine\n");
    desk.run(&["init"]).refused("alertbook.toml is already there and stays as it is");
    assert_eq!(desk.read("alertbook.toml"), "# mine\n");
    desk.run(&["init", "other/place"]).ended(0);
    assert_eq!(desk.read("other/place/alertbook.toml"), written);
}

#[test]
fn templates_come_out_whole_and_change_nothing_as_they_are() {
    let desk = Desk::with_log(&log(2));
    desk.build(&[]);
    let before = site(&desk.path().join("site"));
    desk.run(&["templates", "mine"]).ended(0);
    assert!(desk.path().join("mine/README.md").exists());
    desk.build(&["--templates", "mine"]);
    assert!(before == site(&desk.path().join("site")), "copies of the templates make other pages");
    desk.write("mine/html/index.html", "mine");
    desk.run(&["templates", "mine"]).refused("is already there");
    assert_eq!(desk.read("mine/html/index.html"), "mine");
}

#[test]
fn a_template_of_the_user_wins_by_name_and_is_escaped() {
    let desk = Desk::with_log(&lines(&[alert("<b>Rule</b>", "node-1", &at(0))]));
    desk.write(
        "mine/html/index.html",
        "{% for row in incidents %}<i>{{ row.rule }}</i>{% endfor %}",
    );
    desk.build(&["--templates", "mine"]);
    let page = desk.read("site/index.html");
    assert!(page.starts_with("<i>&lt;b&gt;Rule"), "{page}");
    assert!(desk.read("site/data-quality.html").starts_with("<!DOCTYPE html>"));
}

#[test]
fn a_broken_template_is_named_with_line_and_column() {
    let desk = Desk::with_log(&log(1));
    for (text, place) in [
        ("<p>\n  {% if %}", "html/index.html:2:9: "),
        ("<p>\n\n{{ nothing.here }}", "html/index.html:3:4: "),
        ("{{ title | nofilter }}", "html/index.html:1:"),
    ] {
        desk.write("mine/html/index.html", text);
        desk.run(&["build", "logs", "--templates", "mine"]).refused(place);
        assert!(!desk.path().join("site").exists(), "nothing was published");
    }
    std::fs::remove_file(desk.path().join("mine/html/index.html")).expect("it is removed");
    desk.write("mine/html/indx.html", "x");
    desk.run(&["build", "logs", "--templates", "mine"])
        .refused("no page is made from the template html/indx.html; did you mean html/index.html?");
}

#[test]
fn mitigations_are_listed_for_people_and_programs() {
    let desk = Desk::new();
    let rows = desk.run(&["mitigations", "list", "--json"]).ended(0).json();
    let rows = rows.as_array().expect("an array");
    let shell = rows.iter().find(|row| row["rule"] == "Terminal shell in container");
    assert_eq!(shell.expect("the rule is known")["matched_by"], "rule");
    assert!(rows.iter().all(|row| row["file"].as_str().is_some_and(|file| file.ends_with(".md"))));
    let text = desk.run(&["mitigations", "list"]).ended(0).out;
    assert_eq!(text.lines().count(), rows.len());
}

#[test]
fn the_users_advice_wins() {
    let desk = Desk::with_log(&lines(&[
        alert("Terminal shell in container", "node-1", &at(0)),
        alert("Our own rule", "node-1", &at(1)),
    ]));
    let front =
        |title: &str, rule: &str| format!("+++\ntitle = \"{title}\"\nrules = [\"{rule}\"]\n+++\n");
    desk.write(
        "ours/shells.md",
        front("Shells here", "Terminal shell in container")
            + "Ask *the desk* about {{ host }} & <b>.\n",
    );
    desk.write("ours/more/own.md", front("Own advice", "Our own rule") + "Nothing to do.\n");
    let report = desk.build(&["--mitigations", "ours"]);
    let found = |rule: &str| {
        let incidents = report["incidents"].as_array().expect("a list");
        let incident = incidents.iter().find(|incident| incident["rule"] == rule);
        incident.expect("the incident is there")["mitigation"].clone()
    };
    assert_eq!(found("Terminal shell in container")["file"], "shells.md");
    assert_eq!(found("Our own rule")["file"], "more/own.md");
    let pages = files(&desk.path().join("site"));
    let page = |end: &str| {
        let start = "incidents/terminal-shell-in-container-";
        let page = pages.iter().find(|(name, _)| name.starts_with(start) && name.ends_with(end));
        String::from_utf8(page.expect("the page is there").1.clone()).expect("text")
    };
    assert!(page(".md").contains("Ask *the desk* about node-1"), "{}", page(".md"));
    assert!(page(".html").contains("Ask <em>the desk</em> about"), "{}", page(".html"));
    let rows =
        desk.run(&["mitigations", "list", "--json", "--mitigations", "ours"]).ended(0).json();
    let rows = rows.as_array().expect("an array");
    let shell = rows.iter().find(|row| row["rule"] == "Terminal shell in container");
    assert_eq!(shell.expect("the rule is there")["file"], "shells.md");
    assert!(rows.iter().any(|row| row["file"] == "more/own.md"), "a rule of the user is listed");
}

#[test]
fn broken_advice_is_named() {
    let desk = Desk::with_log(&log(1));
    for (text, words) in [
        ("no front matter\n", "own.md"),
        ("+++\ntitle = \"T\"\nruels = []\n+++\n", "ruels"),
        (
            "+++\ntitle = \"T\"\nrules = [\"Terminal shell in container\"]\n+++\n\n{% if %}\n",
            "own.md:",
        ),
        (
            "+++\ntitle = \"T\"\nrules = [\"Terminal shell in container\"]\n+++\n{{ nothing.here }}\n",
            "own.md:",
        ),
    ] {
        desk.write("ours/own.md", text);
        desk.run(&["build", "logs", "--mitigations", "ours"]).refused(words);
        assert!(!desk.path().join("site").exists(), "nothing was published");
    }
}
