//! Pages that are taken over from the site in place, since they were made from the same.

use std::fs;
use std::path::Path;

use alertbook::page::Page;
use alertbook::publish::{Outcome, Staging};

use crate::site::{Pages, beside, pages, publish, state, tree};

const NOTE: &str = ".alertbook-made-from";

/// Publishes a page for machines, and `pages` unless they are known to be the same. Says whether they
/// were.
fn build(out: &Path, made_from: &str, pages: &Pages) -> (bool, Outcome) {
    let staging = Staging::begin(out).unwrap();
    let put = |path: &str, text: &str| {
        staging.put(Page { path: path.to_owned(), bytes: text.into() }).unwrap();
    };
    put("rejected.jsonl", "{}");
    let kept = staging.keep(blake3::hash(made_from.as_bytes())).unwrap();
    if !kept {
        for (path, text) in pages {
            put(path, text);
        }
    }
    (kept, staging.commit().unwrap())
}

fn made(written: usize, kept: usize) -> (bool, Outcome) {
    (false, Outcome { written, kept, removed: 0 })
}

const KEPT: (bool, Outcome) = (true, Outcome { written: 0, kept: 5, removed: 0 });

#[test]
fn pages_made_from_the_same_are_kept_and_nothing_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    assert_eq!(build(&out, "one", &pages("one")), made(5, 0));
    let (before, held) = (state(&out), tree(&out));
    assert_eq!(build(&out, "one", &Pages::new()), KEPT);
    assert_eq!(state(&out), before);
    assert_eq!(tree(&out), held);
    assert_eq!(beside(&out), ["site"]);
}

#[test]
fn pages_made_from_something_else_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    build(&out, "one", &pages("one"));
    assert_eq!(build(&out, "two", &pages("two")), made(4, 1));
    assert_eq!(tree(&out)["index.html"], "two");
    // The same pages may be made from something else, of which the next run knows.
    let before = state(&out);
    assert_eq!(build(&out, "three", &pages("two")), made(0, 5));
    assert_eq!(state(&out)["index.html"], before["index.html"]);
    assert_eq!(build(&out, "three", &Pages::new()), KEPT);
    assert_eq!(beside(&out), ["site"]);
}

#[test]
fn what_people_put_into_a_site_does_not_matter_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    build(&out, "one", &pages("one"));
    fs::write(out.join("CNAME"), "alerts.example.org").unwrap();
    assert_eq!(build(&out, "one", &Pages::new()), KEPT);
    assert_eq!(tree(&out)["CNAME"], "alerts.example.org");
}

#[test]
fn a_changed_page_for_machines_is_written_beside_pages_that_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    build(&out, "one", &pages("one"));
    let held = tree(&out);
    fs::write(out.join("rejected.jsonl"), "[]").unwrap();
    let outcome = Outcome { written: 1, kept: 4, removed: 0 };
    assert_eq!(build(&out, "one", &Pages::new()), (true, outcome));
    assert_eq!(tree(&out), held);
    assert_eq!(build(&out, "one", &Pages::new()), KEPT);
}

#[test]
fn every_page_is_made_where_one_is_not_what_it_was() {
    let changes: [fn(&Path); 5] = [
        |page| fs::write(page, "0ne").unwrap(),
        |page| fs::write(page, "one more").unwrap(),
        |page| fs::write(page, "").unwrap(),
        |page| fs::remove_file(page).unwrap(),
        |page| {
            let elsewhere = page.with_extension("elsewhere");
            fs::rename(page, &elsewhere).unwrap();
            #[cfg(unix)]
            std::os::unix::fs::symlink(elsewhere, page).unwrap();
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        build(&out, "one", &pages("one"));
        let mut held = tree(&out);
        change(&out.join("rules/shell.html"));
        let elsewhere = "rules/shell.elsewhere";
        if out.join(elsewhere).exists() {
            held.insert(elsewhere.into(), "one".into());
        }
        assert_eq!(build(&out, "one", &pages("one")), made(1, 4), "change {number}");
        assert_eq!(tree(&out), held, "change {number}");
        assert_eq!(build(&out, "one", &Pages::new()), KEPT, "change {number}");
    }
}

#[test]
fn a_note_that_is_gone_or_about_other_pages_is_worth_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [out, other] = ["site", "other"].map(|name| folder.path().join(name));
    build(&other, "one", &pages("two"));
    let changes: [&dyn Fn(); 5] = [
        &|| fs::remove_file(out.join(NOTE)).unwrap(),
        &|| fs::write(out.join(NOTE), "").unwrap(),
        &|| fs::write(out.join(NOTE), [0xff; 65]).unwrap(),
        &|| assert_eq!(fs::copy(other.join(NOTE), out.join(NOTE)).unwrap(), 65),
        // Whoever rewrites the manifest as well changed what was made.
        &|| {
            let manifest = fs::read_to_string(out.join(crate::MANIFEST)).unwrap();
            let [was, is] = ["one", "0ne"].map(|text| blake3::hash(text.as_bytes()).to_string());
            fs::write(out.join(crate::MANIFEST), manifest.replacen(&was, &is, 1)).unwrap();
            fs::write(out.join("hosts/web.html"), "0ne").unwrap();
        },
    ];
    build(&out, "one", &pages("one"));
    let held = tree(&out);
    for (number, change) in changes.iter().enumerate() {
        change();
        let (kept, outcome) = build(&out, "one", &pages("one"));
        assert_eq!((kept, outcome.written), (false, usize::from(number == 4)), "change {number}");
        assert_eq!(tree(&out), held, "change {number}");
    }
}

#[test]
fn a_run_that_knows_of_no_note_leaves_it_only_with_the_same_pages() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    let mut all = pages("one");
    all.insert("rejected.jsonl".into(), "{}".into());
    build(&out, "one", &pages("one"));
    publish(&out, &all).unwrap();
    assert_eq!(build(&out, "one", &Pages::new()), KEPT);
    publish(&out, &pages("two")).unwrap();
    assert!(!out.join(NOTE).exists());
    publish(&out, &all).unwrap();
    assert_eq!(build(&out, "one", &pages("one")), made(0, 5));
    assert_eq!(build(&out, "one", &Pages::new()), KEPT);
}
