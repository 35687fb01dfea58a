//! The site as a whole: its links, its formats, templates of the user's, and the same bytes always.

use std::{collections::BTreeSet, sync::Mutex};

use alertbook::{
    page::Page,
    render::{Delivery, Engine, Error, Formats, Sources, Survey, Texts, briefs, exports, pages},
};
use pulldown_cmark::{Event, Parser, Tag};
use serde_json::Value;

use crate::{
    engine, site,
    support::{Words, report},
};

#[test]
fn every_link_leads_to_a_page() {
    let site = site(&report(&Words::plain()));
    let mut checked = 0;
    for (path, page) in &site {
        let links: Vec<String> = match path.rsplit('.').next() {
            Some("md") => Parser::new(page)
                .filter_map(|event| match event {
                    Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
                    _ => None,
                })
                .collect(),
            Some("html") => page
                .split(" href=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        for link in links {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.starts_with("https://") {
                continue;
            }
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let target = resolved(folder, target);
            // Written by another stage.
            assert!(site.contains_key(&target) || target == "rejected.jsonl", "{path}: {link}");
            checked += 1;
        }
    }
    assert!(checked > 200, "{checked}");
}

fn resolved(folder: &str, link: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        if part == ".." {
            parts.pop().expect("no link leaves the site");
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[test]
fn only_the_formats_asked_for_are_made() {
    let made = |formats| {
        let endings = Mutex::new(BTreeSet::new());
        let emit = |page: Page| {
            let ending = page.path.rsplit('.').next().unwrap_or_default().to_owned();
            endings.lock().expect("no panic").insert(ending);
            Ok(())
        };
        let report = report(&Words::plain());
        let survey = Survey::new(&report, None);
        pages(&survey, None, &engine(), formats, &emit).expect("pages can be made");
        briefs(&survey, &engine(), formats, &Delivery::default(), &emit).expect("so can briefs");
        if formats.json {
            exports(&report, &emit).expect("so can what machines read");
        }
        endings.into_inner().expect("no panic").into_iter().collect::<Vec<_>>().join(" ")
    };
    let none = Formats { html: false, markdown: false, json: false };
    assert_eq!(made(none), "");
    assert_eq!(made(Formats { markdown: true, ..none }), "md txt");
    assert_eq!(made(Formats { html: true, ..none }), "css eml html js txt xml");
    assert_eq!(made(Formats { json: true, ..none }), "json");
}

#[test]
fn the_same_report_makes_the_same_bytes_with_any_number_of_threads() {
    let report = report(&Words::all("<b>`x`|"));
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| site(&report))
    };
    assert_eq!(with(1), with(5));
}

#[test]
fn an_error_of_the_receiver_ends_the_work() {
    let refuse =
        |page: Page| Err(Error::Emit { path: page.path, source: "the disk is full".into() });
    let report = report(&Words::plain());
    let error = pages(&Survey::new(&report, None), None, &engine(), Formats::ALL, &refuse);
    assert_eq!(error.expect_err("nothing is taken").to_string(), "the disk is full");
}

/// Pages made with templates of the user's.
fn with_own(own: &[(&str, &str)]) -> Result<Vec<Page>, Error> {
    let texts = |list: &[(&str, &str)]| -> Texts {
        list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    let engine = Engine::new(&Sources {
        own: texts(own),
        partials: texts(&[("_evidence.md", "ours")]),
        own_partials: texts(&[("_evidence.md", "theirs {{ pod }}")]),
        ..Sources::default()
    })?;
    let made = Mutex::new(Vec::new());
    let emit = |page| {
        made.lock().expect("no panic").push(page);
        Ok(())
    };
    let report = report(&Words::all("<b>"));
    let survey = Survey::new(&report, None);
    pages(&survey, None, &engine, Formats::ALL, &emit)?;
    briefs(&survey, &engine, Formats::ALL, &Delivery::default(), &emit)?;
    Ok(made.into_inner().expect("no panic"))
}

#[test]
fn a_template_of_the_users_wins_and_can_extend_ours() {
    let own = [
        (
            "html/rules.html",
            "{% extends \"builtin/html/base.html\" %}{% block main %}<p id=\"own\">{{ rules[0].rule }}</p>{% endblock %}",
        ),
        ("markdown/hosts.md", "{% include \"markdown/_own.md\" %}"),
        ("markdown/_own.md", "own {{ hosts[0].host }}\n"),
    ];
    let made = with_own(&own).expect("the templates are sound");
    let text = |path: &str| {
        let page = made.iter().find(|page| page.path == path).expect("the page is made");
        String::from_utf8_lossy(&page.bytes).into_owned()
    };
    assert!(text("rules/index.html").contains("<p id=\"own\">&lt;b&gt;</p>"));
    assert_eq!(text("hosts/index.md"), "own `<b>`\n");
    assert!(text("rules/the-rule-01234567.md").contains("theirs POD"));
}

#[test]
fn a_broken_template_says_where_and_what() {
    for (name, text, expected) in [
        (
            "markdown/hosts.md",
            "\n  {{ host.nmae }}",
            "markdown/hosts.md:2:6: Variable `host` is not defined; did you mean `hosts`?",
        ),
        (
            "html/host.html",
            "{{ host.hots }}",
            "html/host.html:1:9: Field `hots` is not defined; did you mean `host`?",
        ),
        (
            "html/host.html",
            "{{ host.host | tiem }}",
            "html/host.html:1:16: Unknown filter `tiem`; did you mean `time`?",
        ),
        ("html/host.html", "{{ host.host | time }}", "html/host.html:1:16: `<b>` is no time"),
        ("html/host.html", "{% for x in host %}", "html/host.html:1:"),
    ] {
        let error = with_own(&[(name, text)]).expect_err(text).to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
}

#[test]
fn a_template_that_makes_a_brief_too_long_is_named() {
    let long = "{{ title }}\n".to_owned() + &"a word ".repeat(300);
    let error = with_own(&[("markdown/brief.md", &long)]).expect_err("it is too long");
    assert_eq!(
        error.to_string(),
        "brief.md takes 2,119 bytes with the fewest rows, and must take fewer than 2,048: shorten the \
         template markdown/brief.md"
    );
}

#[test]
fn the_formats_for_machines_hold_the_incidents() {
    let site = site(&report(&Words::all("=1+1\n\"x\"")));
    let mut table = csv::Reader::from_reader(site["incidents.csv"].as_bytes());
    let rows: Vec<_> = table.records().map(|row| row.expect("it is CSV")).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(&rows[0][1], "'=1+1 ⏎ \"x\"");
    assert_eq!((&rows[0][4], &rows[1][4]), ("3", "1"));
    let heads: Vec<_> =
        table.headers().expect("a head").iter().skip(15).map(str::to_owned).collect();
    assert_eq!(heads, ["owner", "verdict", "ticket", "fleet_wide"]);
    let people =
        |row: &csv::StringRecord| row.iter().skip(15).map(str::to_owned).collect::<Vec<_>>();
    let hostile = "'=1+1 ⏎ \"x\"";
    assert_eq!(people(&rows[0]), [hostile, "benign", hostile, "yes"]);
    assert_eq!(people(&rows[1])[1], "benign, expired");

    let layer: Value = serde_json::from_str(&site["attack-layer.json"]).expect("it is JSON");
    assert_eq!(layer["techniques"][0]["techniqueID"], "T1059");
    assert_eq!(layer["techniques"][0]["score"], 2);

    let report: Value = serde_json::from_str(&site["report.json"]).expect("it is JSON");
    let schema: Value = serde_json::from_str(&site["report.schema.json"]).expect("it is JSON");
    assert_eq!(report["incidents"][0]["rule"], "=1+1\n\"x\"");
    assert!(jsonschema::is_valid(&schema, &report));

    let feed = &site["feed.xml"];
    assert_eq!(feed.matches("<entry>").count(), 2);
    assert!(feed.contains("<id>tag:alertbook,2026:incident/the-rule-db-2-01234567</id>"), "{feed}");
}
