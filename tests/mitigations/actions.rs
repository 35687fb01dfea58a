//! Open actions: what could be done once for many incidents, in the report, on its pages, by week.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::{Value, json};

/// Advice of four rules, each of which asks for some of three things.
const OWN: [(&str, &str); 4] = [
    (
        "a.md",
        "rules = ['A']\n+++\n### Contain\n- [ ] **Not this.**\n### Prevent\n- [ ] **Ship `{{ image }}` anew.** Then rest.\n- [ ] Patch hosts; soon.\n",
    ),
    ("b.md", "rules = ['B']\n+++\n### Prevent\n- [ ] Patch hosts. Now.\n- no step\n"),
    ("c.md", "rules = ['C']\n+++\n### Prevent\n- [ ] Patch hosts\n- [ ] **Name {{ rule }}**\n"),
    ("d.md", "rules = ['<b>|`D`']\n+++\n### Prevent\n- [ ] About {{ rule }}.\n"),
];

/// Makes a site of two weeks and gives its report.
fn report(folder: &Path, verdicts: &str) -> Value {
    let alert = |rule: &str, host: &str, time: &str| {
        let alert = json!({
            "hostname": host, "output": "x", "priority": "Notice", "rule": rule, "source": "syscall", "tags": [],
            "time": format!("2026-11-{time}:00Z"), "output_fields": {"container.id": "host"},
        });
        alert.to_string() + "\n"
    };
    let logs = [
        alert("A", "web-1", "10T10:00"),
        alert("A", "web-1", "17T10:00"),
        alert("A", "web-2", "17T10:00"),
        alert("B", "web-1", "17T11:00"),
        alert("B", "web-1", "18T11:00"),
        alert("C", "db-1", "17T12:00"),
        alert("<b>|`D`", "db-1", "10T12:00"),
    ];
    fs::write(folder.join("falco.jsonl"), logs.concat()).expect("written");
    fs::create_dir_all(folder.join("own")).expect("made");
    for (name, text) in OWN {
        fs::write(folder.join("own").join(name), format!("+++\ntitle = 'x'\n{text}"))
            .expect("written");
    }
    fs::write(folder.join("verdicts.toml"), verdicts).expect("written");
    let settings = "mitigations = 'own'\nverdicts = 'verdicts.toml'\n[[host]]\nname = 'db-*'\nowner = 'Team <data>'\n[[host]]\nname = 'web-1'\nowner = 'Team web'\n";
    fs::write(folder.join("alertbook.toml"), settings).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
        .args(["build", "falco.jsonl", "-o", "site", "-q"])
        .current_dir(folder)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read(folder.join("site/report.json")).expect("a report");
    serde_json::from_slice(&text).expect("JSON")
}

/// Actions with their numbers of incidents and episodes.
fn told(actions: &Value) -> Vec<(String, u64, u64)> {
    let number = |value: &Value| value.as_u64().expect("a number");
    let all = actions.as_array().expect("a list").iter();
    all.map(|action| {
        let words = action["action"].as_str().expect("words").to_owned();
        (words, number(&action["incidents"]), number(&action["episodes"]))
    })
    .collect()
}

fn one(words: &str, incidents: u64, episodes: u64) -> (String, u64, u64) {
    (words.to_owned(), incidents, episodes)
}

#[test]
fn alike_steps_are_one_action_ordered_by_what_it_would_touch() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = report(folder.path(), "");
    assert_eq!(
        told(&report["actions"]),
        [
            one("Patch hosts", 4, 6),
            one("Ship `IMAGE` anew", 2, 3),
            one("Name C", 1, 1),
            one("About <b>|'D'", 1, 1),
        ]
    );
    assert_eq!(report["more_actions"], 0);
    let patch = &report["actions"][0];
    assert_eq!(patch["part"], "Prevent");
    assert_eq!(patch["rules"], json!(["A", "B", "C"]));
    assert_eq!(patch["owners"], json!(["Team <data>", "Team web"]));
    assert_eq!(
        (patch["hosts"].as_u64(), patch["hosts_without_owner"].as_u64()),
        (Some(3), Some(1))
    );
    let ids: BTreeMap<_, _> = report["incidents"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|incident| (incident["id"].as_str(), incident["rule"].as_str()))
        .collect();
    let touched = patch["list"].as_array().expect("a list");
    assert_eq!(touched.len(), 4);
    assert!(touched.iter().all(|id| ids.contains_key(&id.as_str())));
    // A week counts its own incidents and the episodes that began in it.
    let week = |at: usize| told(&report["weeks"][at]["actions"]);
    assert_eq!(
        week(0),
        [one("Patch hosts", 1, 1), one("Ship `IMAGE` anew", 1, 1), one("About <b>|'D'", 1, 1)]
    );
    assert_eq!(
        week(1),
        [one("Patch hosts", 4, 5), one("Ship `IMAGE` anew", 2, 2), one("Name C", 1, 1)]
    );
}

#[test]
fn what_a_verdict_decides_does_not_count_and_what_has_expired_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let verdict = |rule: &str, until: &str| {
        format!(
            "[[verdict]]\nrule = \"{rule}\"\nverdict = \"benign\"\nnote = \"x\"\nwho = \"y\"\n{until}\n"
        )
    };
    let decided = [verdict("A", ""), verdict("B", "until = 2026-11-12")].concat();
    let report = report(folder.path(), &decided);
    assert_eq!(
        told(&report["actions"]),
        [one("Patch hosts", 2, 3), one("Name C", 1, 1), one("About <b>|'D'", 1, 1)]
    );
}

#[test]
fn pages_show_boxes_owners_and_links() {
    let folder = tempfile::tempdir().expect("a folder");
    report(folder.path(), "");
    let read =
        |page: &str| fs::read_to_string(folder.path().join("site").join(page)).expect("a page");
    let (html, markdown) = (read("index.html"), read("index.md"));
    let section = html.split("<h2 id=\"actions\">Open actions</h2>").nth(1).expect("the section");
    let section = section.split("</section>").next().expect("its text");
    assert_eq!(section.matches("<li class=\"task\">☐ ").count(), 4);
    assert!(section.contains("<strong>Ship <code>IMAGE</code> anew</strong>"), "{section}");
    assert!(section.contains("would touch 4 incidents with 6 episodes. Owners: <bdi>Team &lt;data&gt;</bdi>, <bdi>Team web</bdi>; not known for 1 host."), "{section}");
    assert!(!section.contains("Not this") && !section.contains("<b>|"), "{section}");
    let section = markdown.split("## Open actions\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().expect("its text");
    assert_eq!(section.matches("\n- [ ] **").count(), 4, "{section}");
    assert!(
        section.contains("- [ ] **Patch hosts**: would touch 4 incidents with 6 episodes."),
        "{section}"
    );
    assert!(section.contains("- [ ] **Ship `IMAGE` anew**"), "{section}");
    for page in [&html, &markdown] {
        let links = page.split("Open actions").nth(1).expect("the section");
        let links: Vec<_> =
            links.split(['"', '(', ')']).filter(|word| word.starts_with("incidents/")).collect();
        assert!(links.len() >= 8, "{links:?}");
        for link in &links[..8] {
            assert!(folder.path().join("site").join(link).exists(), "{link}");
        }
    }
    assert!(read("weeks/2026-W46/index.md").contains("## Open actions"));
    assert!(read("weeks/2026-W46/index.html").contains("id=\"actions\""));
}

#[test]
fn at_most_ten_are_shown_and_the_rest_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let steps: String = (0..13).map(|number| format!("- [ ] Do thing {number}\n")).collect();
    fs::create_dir(folder.path().join("own")).expect("made");
    fs::write(
        folder.path().join("own/e.md"),
        format!("+++\ntitle = 'x'\nextends = 'append'\nrules = ['A']\n+++\n### Prevent\n{steps}"),
    )
    .expect("written");
    let report = report(folder.path(), "");
    assert_eq!(report["actions"].as_array().map(Vec::len), Some(10));
    assert_eq!(report["more_actions"], 7);
    let page = fs::read_to_string(folder.path().join("site/index.md")).expect("a page");
    assert!(page.contains("And 7 more actions"), "{page}");
}
