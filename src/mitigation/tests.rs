use super::*;

fn library(files: &[(&str, &str)]) -> Library {
    let own = files
        .iter()
        .map(|(file, head)| ((*file).into(), format!("+++\ntitle='{file}'\n{head}\n+++\nbody\n")))
        .collect();
    Library::new("own", &own).expect("the heads are sound")
}

fn tags(tags: &[&str]) -> Vec<String> {
    tags.iter().map(|tag| (*tag).into()).collect()
}

/// The file that is found somewhere, and how.
fn found(library: &Library, rule: &str, given: &[&str]) -> (String, String) {
    let found = library.find(rule, &tags(given), None);
    (found.file, found.matched_by)
}

fn pair(file: &str, by: &str) -> (String, String) {
    (file.into(), by.into())
}

#[test]
fn name_comes_before_former_name_technique_tag_and_general() {
    let library = library(&[
        ("a.md", "rules=['Rule X']\nformer_names=['Old X']"),
        ("b.md", "techniques=['T1059']"),
        ("c.md", "tags=['mitre_execution']"),
        ("d.md", "tags=['shop']"),
    ]);
    let found = |rule: &str, given: &[&str]| found(&library, rule, given);
    assert_eq!(found("Rule X", &["T1059"]), pair("a.md", "rule"));
    assert_eq!(found("Old X", &["T1059"]), pair("a.md", "former_name"));
    assert_eq!(found("Own", &["T1059.004", "shop"]), pair("b.md", "technique"));
    assert_eq!(found("Own", &["mitre_execution", "shop"]), pair("d.md", "tag"));
    assert_eq!(found("Own", &["mitre_execution"]), pair("c.md", "tactic"));
    assert_eq!(found("Own", &[]), pair("general.md", "general"));
}

#[test]
fn the_users_own_comes_before_the_bundled_whatever_it_is_found_by() {
    let library = library(&[("a.md", "tags=['mitre_execution']")]);
    let rule = "Terminal shell in container";
    assert_eq!(found(&library, rule, &["mitre_execution"]), pair("a.md", "tactic"));
    assert_eq!(found(&library, rule, &[]).1, "rule");
}

#[test]
fn a_place_narrows_and_comes_before_none() {
    let library = library(&[
        ("any.md", "rules=['R']"),
        ("db.md", "groups=['databases']"),
        ("host.md", "rules=['R']\nhosts=['web-*']"),
        ("both.md", "rules=['R']\nhosts=['web-*']\nnamespaces=['shop']"),
        ("team.md", "namespaces=['team-*']"),
    ]);
    let groups = tags(&["databases"]);
    let at = |host, groups, namespaces: &[&'static str], rule: &str| {
        let place = Place { host, groups, namespaces: namespaces.to_vec() };
        let found = library.find(rule, &[], Some(&place));
        (found.file, found.matched_by)
    };
    assert_eq!(at("web-1", &[], &["shop"], "R"), pair("both.md", "rule"));
    assert_eq!(at("web-1", &[], &["dev"], "R"), pair("host.md", "rule"));
    assert_eq!(at("db-1", &groups, &[], "R"), pair("any.md", "rule"));
    assert_eq!(at("db-1", &groups, &[], "Other"), pair("db.md", "group"));
    assert_eq!(at("x", &groups, &["team-a"], "Other"), pair("team.md", "namespace"));
    assert_eq!(at("x", &[], &[], "Other"), pair("general.md", "general"));
    assert_eq!(found(&library, "R", &[]), pair("any.md", "rule"));
    assert!(library.depends_on_place());
}

#[test]
fn the_namespace_with_the_most_alerts_decides() {
    let library = library(&[("a.md", "namespaces=['a']"), ("b.md", "namespaces=['b']")]);
    let place = Place { namespaces: vec!["b", "a"], ..Place::default() };
    assert_eq!(library.find("R", &[], Some(&place)).file, "b.md");
}

#[test]
fn all_that_extend_are_applied_the_narrowest_last() {
    let library = library(&[
        ("all.md", "extends='append'"),
        ("rule.md", "extends='replace'\nrules=['R']"),
        ("shop.md", "extends='append'\nnamespaces=['shop']"),
        ("not.md", "extends='append'\nrules=['S']"),
    ]);
    let place = Place { namespaces: vec!["shop"], ..Place::default() };
    assert_eq!(library.find("R", &[], Some(&place)).extended_by, ["all.md", "shop.md", "rule.md"]);
    assert_eq!(library.find("R", &[], None).extended_by, ["all.md", "rule.md"]);
    assert_eq!(library.find("R", &[], None).file, "general.md");
    let only = library.only("R", &[]);
    assert_eq!(only.len(), 1);
    assert_eq!((only[0].file.as_str(), only[0].matched_by.as_str()), ("shop.md", "namespace"));
}

#[test]
fn a_file_of_a_bundled_name_takes_its_place() {
    let library = library(&[("general.md", "")]);
    assert!(library.advice()["general.md"].own);
    assert_eq!(found(&library, "Own", &[]), pair("general.md", "general"));
}

#[test]
fn a_part_in_a_folder_is_no_advice() {
    let own = [("shop/_who.md".to_owned(), "- [ ] Ask.\n".to_owned())].into();
    let library = Library::new("own", &own).expect("a part needs no head");
    assert!(library.own_partials().contains_key("shop/_who.md"));
}
