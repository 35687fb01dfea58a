//! `mitigations check`: everything that is wrong is told of, with its place, in one run.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use alertbook::{
    bundled::MITIGATIONS,
    review::{self, Names},
};

/// What is wrong with files, each as `file:line:column: message`.
fn said(files: &[(&str, &str)], names: &Names) -> Vec<String> {
    let texts: BTreeMap<_, _> =
        files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    let problems = review::problems("own", &texts, names).expect("the bundled advice is sound");
    problems
        .iter()
        .map(|one| format!("{}:{}:{}: {}", one.file, one.line, one.column, one.message))
        .collect()
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    said(files, &Names::default())
}

/// An advice that extends a rule's with one part.
fn part(text: &str) -> String {
    format!(
        "+++\ntitle = 'x'\nrules = ['Run shell untrusted']\nextends = 'append'\n+++\n### Contain\n\n{text}\n"
    )
}

/// Asserts that something is said of a part, and nothing else.
fn only(text: &str, expected: &[&str]) {
    let said = problems(&[("x.md", &part(text))]);
    assert_eq!(said.len(), expected.len(), "{text}\n{said:#?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.starts_with(&format!("own/x.md:{expected}")), "{text}\n{said}\n{expected}");
    }
}

#[test]
fn nothing_is_wrong_with_the_bundled_advice() {
    let all: Vec<_> = MITIGATIONS.to_vec();
    assert_eq!(problems(&all), [""; 0]);
}

#[test]
fn the_head_is_checked_word_by_word() {
    let text = concat!(
        "+++\n",
        "titel = 'x'\n",
        "rules = ['Run shell untrustet', 'Run shell in container', 'Dummy rule', 'Our own']\n",
        "former_names = ['Run shell untrusted']\n",
        "techniques = ['T1059', 'T0000', 'TA0002']\n",
        "tags = ['mitre_excution', 'shop']\n",
        "namespaces = ['Shop']\n",
        "groups = ['database']\n",
        "extends = 'apend'\n",
        "hosts = 3\n",
        "+++\n### Contain\n\nx\n",
    );
    let names =
        Names { groups: ["databases".to_owned()].into(), rules: ["Our own".to_owned()].into() };
    let said = said(&[("x.md", text)], &names);
    let expected = [
        "own/x.md:1:1: there is no title",
        "own/x.md:2:1: there is no key titel; did you mean title?",
        "own/x.md:3:10: there is no rule Run shell untrustet; did you mean Run shell untrusted?",
        "own/x.md:3:33: the rule Run shell in container is now called Run shell untrusted and Terminal shell in container",
        "own/x.md:3:59: Falco has no rule Dummy rule any more",
        "own/x.md:4:17: Run shell untrusted is a rule's present name: write it under rules",
        "own/x.md:5:24: there is no technique T0000; write one such as T1059 or T1059.004",
        "own/x.md:5:33: TA0002 is a tactic: write it under tags",
        "own/x.md:6:9: there is no tactic excution; did you mean mitre_execution?",
        "own/x.md:7:15: \"Shop\" can be no namespace: lower-case letters, digits and - alone",
        "own/x.md:8:11: no host is in a group database; did you mean databases?",
        "own/x.md:9:11: there is no apend; did you mean append?",
        "own/x.md:10:9: hosts is a list of texts",
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_rule_of_ones_own_has_to_be_known() {
    let text = part("x").replace("Run shell untrusted", "Our own");
    let message =
        "own/x.md:3:10: there is no rule Our own; a rule of your own is known from --rules FILE";
    assert_eq!(problems(&[("x.md", &text)]), [message]);
}

#[test]
fn broken_toml_and_no_head_are_told_of() {
    assert_eq!(
        problems(&[("x.md", "text\n")]),
        ["own/x.md:1:1: it must begin with a head between two lines of +++"]
    );
    let text = "+++\ntitle = 'x'\nrules = ['Run shell untrusted'\nextends = 'append'\n+++\n### Contain\nx\n";
    let said = problems(&[("x.md", text)]);
    assert!(
        said.iter().any(|said| said.starts_with("own/x.md:3:") || said.starts_with("own/x.md:4:")),
        "{said:#?}"
    );
}

#[test]
fn templates_are_read_to_their_end() {
    only(
        "{{ imgae }} {{ image | nubmer }} {{ user | uper }}\n\n{% if proces %}{{ places[0].podd }}{% endif %}",
        &[
            "8:4: there is no variable imgae; did you mean image?",
            "8:24: Unknown filter `nubmer`; did you mean `number`?",
            "8:44: Unknown filter `uper`",
            "10:7: there is no variable proces; did you mean process?",
        ],
    );
    only(
        "{% for p in places %}{{ p.podd }}{% endfor %}",
        &["8:27: Field `podd` is not defined; did you mean `pod`?"],
    );
    only("{{ image | safe }}", &["8:12: the filter `safe` is not available"]);
    only("{{ image ", &["8:9: Unexpected end of input"]);
    only(
        "{% include \"_evidense.md\" %}",
        &["8:12: Unknown template `_evidense.md`; did you mean `_evidence.md`?"],
    );
    // A branch that no incident of the trial takes is read too.
    only("{% if host == 'never' %}{{ nmae }}{% endif %}", &["8:28: there is no variable nmae"]);
    only("{% set x = image %}{{ x }}{% for i in pods %}{{ i }}{{ loop.index }}{% endfor %}", &[]);
}

#[test]
fn each_broken_file_of_several_is_told_of() {
    let (one, two) = (part("{% if %}"), part("{{ image | a }}"));
    let said = problems(&[
        ("a.md", &one),
        ("_b.md", "{{ c | d }}"),
        ("b.md", &two),
        ("c.md", &part("{% include \"_b.md\" %}")),
    ]);
    let files: Vec<_> = said.iter().map(|said| said.split(':').next().expect("a file")).collect();
    assert_eq!(files, ["own/_b.md", "own/_b.md", "own/a.md", "own/b.md"], "{said:#?}");
}

#[test]
fn links_html_and_images_are_told_of() {
    only("[a](https://a.b) [b](http://a.b) [c](mailto:a@b.c) [d](#e) <https://a.b>", &[]);
    only(
        "[a](javascript:x) [b](../c.md)\n[d](//e) [f](https://g/{{ host }})",
        &[
            "8:1: the link to \"javascript:x\" is not followed",
            "8:19: the link to \"../c.md\" is not followed",
            "9:1: the link to \"//e\" is not followed",
            "9:10: the link leads nowhere: a value would decide where",
        ],
    );
    only(
        "a <b>c</b>\n\n<script>x</script>\n\n<!-- d -->\n\n![e](https://f)",
        &[
            "8:3: HTML is shown as text, not as what it means: <b",
            "10:1: HTML is shown as text",
            "12:1: HTML is shown as text",
            "14:1: an image is not shown",
        ],
    );
    only("`<b>` and\n\n```html\n<b>\n```\n\na < b", &[]);
}

#[test]
fn parts_are_missing_or_stand_elsewhere() {
    let head = "+++\ntitle = 'x'\nrules = ['Run shell untrusted']\n+++\n";
    let all = [
        "Why this fires",
        "Confirm",
        "Known benign causes",
        "Contain",
        "Eradicate and recover",
        "Prevent",
        "Tune",
        "Close when",
        "References",
    ];
    let of = |parts: &[&str]| {
        let parts: String = parts.iter().map(|part| format!("### {part}\n\nx\n\n")).collect();
        problems(&[("x.md", &(head.to_owned() + &parts))])
    };
    assert_eq!(of(&all), [""; 0]);
    let mut parts = all.to_vec();
    parts.swap(1, 3);
    assert_eq!(
        of(&parts),
        [
            "own/x.md:13:1: the part Known benign causes belongs before Contain",
            "own/x.md:17:1: the part Confirm belongs before Contain"
        ]
    );
    let mut parts = all.to_vec();
    parts.remove(8);
    parts[3] = "Contian";
    assert_eq!(
        of(&parts),
        [
            "own/x.md:17:1: there is no part Contian; did you mean Contain?",
            "own/x.md:21:1: the part Contain is missing, before Eradicate and recover",
            "own/x.md:35:2: the part References is missing, at the end",
        ]
    );
    // In one branch alone.
    let text = head.to_owned()
        + &all
            .map(|part| format!("### {part}\n\nx\n\n"))
            .concat()
            .replace("### Tune\n", "{% if workload == 'host' %}### Tune\n{% endif %}");
    assert_eq!(
        problems(&[("x.md", &text)]),
        ["own/x.md:33:1: the part Tune is missing, before Close when"]
    );
}

#[test]
fn a_rule_that_two_files_are_for_is_told_of() {
    let text = part("x").replace("extends = 'append'\n", "");
    let said = problems(&[("a.md", &text), ("b.md", &text)]);
    assert!(
        said.contains(
            &"own/b.md:3:10: a.md is for the rule Run shell untrusted too, and comes first"
                .to_owned()
        ),
        "{said:#?}"
    );
    let never = problems(&[("c.md", "+++\ntitle = 'x'\n+++\n")]);
    assert!(never[0].contains("never applies"), "{never:#?}");
}

#[test]
fn shell_that_a_shell_cannot_read_is_told_of() {
    only(
        "```sh\nkubectl get pod/{{ pod }} \\\n  -o name\necho \"it's\n```\n",
        &["11:6: a shell cannot read this: the double quote is not closed"],
    );
    only("- [ ] a\n  ```sh\n  echo 'a\n  ```\n", &["10:8: a shell cannot read this"]);
    only(
        "```sh\n{% if workload == 'host' %}echo 'a'{% else %}echo 'b{% endif %}\n```\n",
        &["9:51: a shell cannot read this"],
    );
    only(
        "```sh\n{% for p in pods %}kubectl get pod/{{ p }}\n{% endfor %}\n```\n\n```text\nit's\n```\n",
        &[],
    );
}

#[test]
fn rules_that_falco_does_not_take_are_told_of() {
    let rule = |middle: &str| format!("```yaml\n- rule: Run shell untrusted\n{middle}```\n");
    let exception = |fields: &str, row: &str| {
        rule(&format!(
            "  exceptions:\n    - name: x\n      fields: {fields}\n      values:\n        - {row}\n  override:\n    exceptions: append\n"
        ))
    };
    only(
        &exception("[proc.name, proc.aname[2]]", "[{{ process | falco }}, bash]")
            .replace("proc.aname[2]", "\"proc.aname[2]\""),
        &[],
    );
    only(
        &exception("[proc.nmae]", "[x]"),
        &["12:16: there is no field proc.nmae; did you mean proc.name?"],
    );
    only(
        &exception("[proc.name]", "[{{ process }}]"),
        &["14:12: Falco pastes a value into its condition"],
    );
    only(&exception("[proc.name]", "[a, b]"), &["14:11: 1 fields and 2 values"]);
    only(&rule("  enabled: false\n"), &["9:3: a rule that overrides nothing needs condition"]);
    only(
        &rule(
            "  exceptions:\n    - name: x\n      values: [[a]]\n  override: {exceptions: append}\n",
        ),
        &["9:9: Run shell untrusted has no exceptions to add rows to"],
    );
    only(
        &rule("  condition: and not x\n  override: {condition: append}\n")
            .replace("untrusted", "untrustet"),
        &[
            "9:9: there is no rule Run shell untrustet; did you mean Run shell untrusted? Falco stops",
        ],
    );
    only("```yaml\na: [b\n```\n", &["10:1: this is no YAML"]);
    only("```yaml\napiVersion: v1\nkind: {{ workload }}\n```\n", &[]);
}

fn program(arguments: &[&str], folder: &Path) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_says_so_by_its_status() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("own/team");
    fs::create_dir_all(&own).expect("a folder");
    let sound = part("x").replace("'Run shell untrusted'", "'Our own'");
    fs::write(own.join("a.md"), sound.replace("extends", "groups = ['db']\nextends"))
        .expect("written");
    fs::write(folder.path().join("own/README.md"), "not looked at").expect("written");
    fs::write(folder.path().join("rules.yaml"), "- rule: Our own\n  condition: x\n")
        .expect("written");
    fs::write(folder.path().join("alertbook.toml"), "[[host]]\nname = 'x'\ngroups = ['db']\n")
        .expect("written");
    let (status, out, _) =
        program(&["mitigations", "check", "own", "--rules", "rules.yaml"], folder.path());
    assert_eq!((status, out.as_str()), (Some(0), "1 file, nothing is wrong\n"));

    let (status, out, _) = program(&["mitigations", "check", "own"], folder.path());
    assert_eq!(status, Some(1));
    assert!(out.starts_with("own/team/a.md:3:10: there is no rule Our own"), "{out}");
    assert!(out.ends_with("1 file, 1 problem\n"), "{out}");

    fs::write(own.join("b.md"), b"+++\ntitle = '\xff'\n+++\n").expect("written");
    let (status, out, _) = program(&["mitigations", "check", "own", "--json"], folder.path());
    assert_eq!(status, Some(1));
    let problems: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(problems[1]["file"], "own/team/b.md");
    assert_eq!((problems[1]["line"].as_u64(), problems[1]["column"].as_u64()), (Some(2), Some(10)));

    let (status, _, error) = program(&["mitigations", "check", "nowhere"], folder.path());
    assert_eq!(status, Some(2));
    assert!(error.contains("cannot read nowhere"), "{error}");
}

#[test]
fn nothing_is_wrong_with_the_example() {
    let (status, out, error) = program(
        &[
            "mitigations",
            "check",
            "mitigations",
            "--config",
            "alertbook.toml",
            "--rules",
            "rules.yaml",
        ],
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"),
    );
    assert_eq!((status, out.as_str()), (Some(0), "2 files, nothing is wrong\n"), "{error}");
}
