//! The pages of weeks: no table has a column, or a cell, that says nothing.

use std::{collections::BTreeMap, fs, path::Path};

use alertbook::{Logs, Surroundings, config::Config};

use crate::data::{Line, config, eight_weeks, write};

/// The text of every file of a site, by path.
pub type Site = BTreeMap<String, String>;

/// The site on a folder of logs.
pub fn site(logs: &Path, config: &Config) -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("site");
    let around = Surroundings { generated: None, progress: &|_| (), program: None };
    alertbook::build(Logs::Paths(vec![logs.to_owned()]), &out, config, &around).expect("a site");
    let mut site = Site::new();
    collect(&out, "", &mut site);
    site
}

fn collect(folder: &Path, path: &str, site: &mut Site) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{path}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), site);
        } else {
            site.insert(name, fs::read_to_string(entry.path()).expect("pages are text"));
        }
    }
}

/// The site on some lines, all in one file.
pub fn site_of(lines: &[Line], config: &Config) -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), lines, |_, _| "falco.log".into());
    site(folder.path(), config)
}

/// A section of a page of HTML, by the id of its heading.
pub fn section<'p>(page: &'p str, id: &str) -> &'p str {
    let begin = page.find(&format!("<section aria-labelledby=\"{id}\"")).expect("the section");
    let end = page[begin..].find("</section>").expect("its end");
    &page[begin..begin + end]
}

/// A section of a page of Markdown, by its heading.
pub fn part<'p>(page: &'p str, heading: &str) -> &'p str {
    let begin = page.find(&format!("\n## {heading}\n")).expect("the section") + 1;
    let end = page[begin + 3..].find("\n## ").map_or(page.len(), |end| begin + 3 + end);
    &page[begin..end]
}

#[test]
fn a_first_week_has_no_column_for_what_is_not_known() {
    let mut lines = eight_weeks();
    lines.retain(|line| line.secs < crate::data::at(41, 0, 0));
    let site = site_of(&lines, &config("all"));
    for path in ["weeks/2026-W40/index.html", "index.html"] {
        for head in [">Week before", ">Median<", ">Change</th>", ">Weeks</th>"] {
            assert!(!site[path].contains(head), "{head} in {path}");
        }
    }
    for path in ["weeks/2026-W40/index.md", "index.md"] {
        for head in ["| Week before", "| Median", "| Change", "| Weeks"] {
            assert!(!site[path].contains(head), "{head} in {path}");
        }
    }
}

#[test]
fn every_cell_of_a_weeks_tables_says_something() {
    let site = site_of(&eight_weeks(), &config("all"));
    for week in 40..=47 {
        let page = &site[&format!("weeks/2026-W{week}/index.html")];
        for id in ["attention", "numbers", "rules", "hosts"] {
            let section = section(page, id);
            assert!(section.contains("<td"), "W{week} {id}");
            for empty in ["<td></td>", "<td class=\"n\"></td>", "<td class=\"state\"></td>"] {
                assert!(!section.contains(empty), "{empty} in {id} of W{week}: {section}");
            }
        }
        let page = &site[&format!("weeks/2026-W{week}/index.md")];
        for heading in ["Needs attention", "Numbers", "Rules", "Hosts"] {
            let part = part(page, heading);
            assert!(part.contains("| --- |"), "W{week} {heading}");
            assert!(!part.contains("|  |"), "{heading} of W{week}: {part}");
        }
    }
}

#[test]
fn a_median_comes_with_the_second_week_before_and_is_drawn() {
    let site = site_of(&eight_weeks(), &config("all"));
    let numbers = |week: u32| section(&site[&format!("weeks/2026-W{week}/index.html")], "numbers");
    // The first week is a part, from Wednesday on: of it alone there is no median.
    assert!(!numbers(41).contains(">Median<") && numbers(41).contains(">Week before, Wed–Sun<"));
    assert!(!numbers(42).contains(">Median<"), "W40 does not have the same days");
    assert!(numbers(43).contains(">Median<") && numbers(43).contains("class=\"median\""));
    // Every day 72 of the timer, 6, 1 and 1; and what is planted.
    let scan = section(&site["weeks/2026-W47/index.html"], "rules");
    let title = "<title>Weeks: most 35, this 35</title><desc>The newest last: 5; 7; 7; 7; 7; 7; 7; 35. Median: 7.</desc>";
    assert!(scan.contains(title), "{scan}");
}

/// The rows of the table of weeks on a page of Markdown.
fn past(site: &Site, folder: &str) -> Vec<Vec<String>> {
    let (_, page) = site
        .iter()
        .find(|(path, _)| path.starts_with(folder) && path.ends_with(".md"))
        .expect("the page");
    let rows = part(page, "Weeks").lines().filter(|line| line.starts_with("| [2026"));
    rows.map(|row| row.split('|').skip(2).map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn pages_of_rules_hosts_and_incidents_tell_of_their_weeks() {
    let site = site_of(&eight_weeks(), &config("all"));
    // Days, hosts, episodes, alerts, change.
    let shell = past(&site, "rules/terminal-shell-");
    assert_eq!(shell.len(), 8);
    assert_eq!(shell[0][..5], ["16–22 Nov 2026", "1", "1", "1", "returned"]);
    assert_eq!(shell[1][1..5], ["0", "0", "0", "none"]);
    assert_eq!(shell[6][1..5], ["0", "0", "0", "gone quiet"]);
    assert_eq!(shell[7][..5], ["28 Sep – 4 Oct 2026, only Wed–Sun", "1", "1", "1", "not compared"]);
    // The timer began in the first week, and goes on.
    let timer = past(&site, "incidents/contact-api-server-");
    assert_eq!(timer[0][1..4], ["0", "504", "about the same"]);
    assert_eq!(timer[7][1..4], ["1", "360", "not compared"]);
    let node = past(&site, "hosts/node-4-");
    assert_eq!(node[0][1..5], ["2", "42", "42", "louder"]);
    assert_eq!(node[1][1..4], ["2", "14", "14"]);
    // What is in one week alone needs no table of weeks.
    let (_, new) = site.iter().find(|(path, _)| path.starts_with("rules/drop-and-")).unwrap();
    assert!(!new.contains("id=\"weeks\""), "{new}");
    let html = site
        .iter()
        .find(|(path, _)| path.starts_with("rules/terminal-shell-") && path.ends_with(".html"));
    assert!(section(html.unwrap().1, "weeks").contains("<strong>returned</strong>"));
}

#[test]
fn the_days_of_a_week_are_told_by_priority() {
    let site = site_of(&eight_weeks(), &config("all"));
    // Five scans a day (one day has the shell too), six readings until the Wednesday; the Sunday's
    // new one is critical.
    let when = part(&site["weeks/2026-W47/index.md"], "When");
    let head = "| Day | Episodes | | ◆ Critical and above | ● Warning | ○ Notice and below |\n";
    assert!(when.contains(head), "{when}");
    let counts = |day: &str| {
        let row = when.lines().find(|line| line.starts_with(&format!("| {day} |")));
        let cells = row.expect("a row").split('|').filter_map(|cell| cell.trim().parse().ok());
        cells.collect::<Vec<u64>>()
    };
    assert_eq!(counts("2026-11-16"), [11, 0, 6, 5]);
    assert_eq!(counts("2026-11-17"), [12, 0, 6, 6]);
    assert_eq!(counts("2026-11-22"), [11, 1, 5, 5]);
    let chart = section(&site["weeks/2026-W47/index.html"], "when");
    let words = "<desc>Critical and above: 1; Warning: 38; Notice and below: 36.</desc>";
    assert!(chart.contains(words), "{chart}");
    // Monday and Tuesday of the first week have no data: that is not the same as nothing.
    let first = part(&site["weeks/2026-W40/index.md"], "When");
    assert!(first.contains("| 2026-09-28 | – | no data |"), "{first}");
    assert!(section(&site["weeks/2026-W40/index.html"], "when").contains("class=\"hatch\""));
    assert!(section(&site["index.html"], "when").contains(words), "the present week");
}

#[test]
fn a_week_of_the_history_has_its_days_but_not_its_hours() {
    let (logs, history) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let config = Config { history: Some(history.path().to_owned()), ..config("all") };
    write(logs.path(), &eight_weeks(), |_, _| "falco.log".into());
    let before = site(logs.path(), &config);
    let mut lines = eight_weeks();
    lines.retain(|line| line.secs >= crate::data::at(46, 0, 0));
    write(logs.path(), &lines, |_, _| "falco.log".into());
    let after = site(logs.path(), &config);
    let days = |site: &Site| {
        let when = part(&site["weeks/2026-W45/index.md"], "When");
        when.split("\nEpisodes by the hour")
            .next()
            .expect("a beginning")
            .split("\nThe hours")
            .next()
            .map(str::to_owned)
    };
    assert_eq!(days(&before), days(&after));
    let page = &after["weeks/2026-W45/index.html"];
    assert!(section(page, "when").contains("are not known"));
    // W45 had a rollout on twelve hosts at once, which only the logs can tell.
    assert!(before["weeks/2026-W45/index.html"].contains("Fleet-wide in 2026-W45"));
    assert!(!page.contains("Fleet-wide in 2026-W45"));
    let attention = section(page, "attention");
    assert!(attention.contains("Which rules fired on many hosts at once"), "{attention}");
}
