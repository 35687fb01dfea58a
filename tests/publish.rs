//! The output folder: whole, ours alone to delete from, and untouched where nothing changed.

#[path = "publish/kept.rs"]
mod kept;
#[path = "publish/killed.rs"]
mod killed;
#[path = "publish/people.rs"]
mod people;
#[path = "publish/refused.rs"]
mod refused;
#[path = "publish/site.rs"]
mod site;

use alertbook::page::Page;
use alertbook::publish::{Outcome, Staging};
use rayon::prelude::*;
use std::fs;

use site::{Pages, beside, pages, publish, state, tree};

const MANIFEST: &str = ".alertbook-manifest.json";

#[test]
fn a_fresh_site_holds_its_pages_and_a_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("not/yet/there");
    let outcome = publish(&out, &pages("one")).unwrap();
    assert_eq!(outcome, Outcome { written: 4, kept: 0, removed: 0 });
    let mut there = tree(&out);
    assert!(there.remove(MANIFEST).unwrap().contains("\"path\":\"hosts/web.html\",\"size\":3,"));
    assert_eq!(there, pages("one"));
    assert_eq!(beside(&out), ["there"]);
}

#[test]
fn an_empty_folder_becomes_the_site() {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), &pages("one")).unwrap();
    assert_eq!(tree(folder.path()).len(), 5);
}

#[test]
fn nothing_is_touched_where_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    let before = state(&out);
    let outcome = publish(&out, &pages("one")).unwrap();
    assert_eq!(outcome, Outcome { written: 0, kept: 4, removed: 0 });
    assert_eq!(state(&out), before);
    assert_eq!(beside(&out), ["site"]);
}

#[test]
fn only_what_changed_is_written_and_stale_pages_go() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    let before = state(&out);
    let mut next = pages("one");
    next.insert("index.html".into(), "two".into());
    next.remove("hosts/web.html");
    let outcome = publish(&out, &next).unwrap();
    assert_eq!(outcome, Outcome { written: 1, kept: 2, removed: 1 });

    let after = state(&out);
    for path in ["static/style.css", "rules/shell.html"] {
        assert_eq!(after[path].inode, before[path].inode, "{path} was written again");
        assert_eq!(after[path].modified, before[path].modified, "{path} was written again");
    }
    let mut there = tree(&out);
    there.remove(MANIFEST);
    assert_eq!(there, next);
    assert!(!after.contains_key("hosts"), "an empty folder of ours stays");
}

#[test]
fn a_site_can_lose_its_last_page() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    let outcome = publish(&out, &Pages::new()).unwrap();
    assert_eq!(outcome, Outcome { written: 0, kept: 0, removed: 4 });
    assert_eq!(tree(&out).into_keys().collect::<Vec<_>>(), [MANIFEST]);
}

#[test]
fn a_run_that_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    let staging = Staging::begin(&out).unwrap();
    staging.put(Page { path: "index.html".into(), bytes: b"one".to_vec() }).unwrap();
    assert_ne!(beside(&out), [""; 0]);
    drop(staging);
    assert_eq!(beside(&out), [""; 0]);
}

#[test]
fn the_order_and_the_threads_do_not_show() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<Page> = (0..2000)
        .map(|number| Page {
            path: format!("hosts/{}/{}.html", number % 7, number * 7919 % 2000),
            bytes: number.to_string().into_bytes(),
        })
        .collect();

    let (threads, backwards) = (folder.path().join("threads"), folder.path().join("backwards"));
    let staging = Staging::begin(&threads).unwrap();
    many.par_iter().try_for_each(|page| staging.put(page.clone())).unwrap();
    assert_eq!(staging.commit().unwrap().written, many.len());
    let staging = Staging::begin(&backwards).unwrap();
    many.iter().rev().try_for_each(|page| staging.put(page.clone())).unwrap();
    staging.commit().unwrap();

    assert_eq!(tree(&threads), tree(&backwards));
    assert_eq!(tree(&threads).len(), many.len() + 1);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_site_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (link, out) = (folder.path().join("link"), folder.path().join("real/site"));
    fs::create_dir_all(&out).unwrap();
    std::os::unix::fs::symlink("real/site", &link).unwrap();
    for generation in ["one", "two"] {
        publish(&link, &pages(generation)).unwrap();
        assert_eq!(fs::read_link(&link).unwrap(), std::path::Path::new("real/site"));
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), generation);
    }
    assert_eq!(beside(&out), ["site"]);
    assert_eq!(beside(&link), ["link", "real"]);
}

#[cfg(unix)]
#[test]
fn the_folder_has_the_permissions_of_any_new_one_and_keeps_those_it_is_given() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let (out, any) = (folder.path().join("site"), folder.path().join("any"));
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o7777;
    publish(&out, &pages("one")).unwrap();
    fs::create_dir(&any).unwrap();
    assert_eq!(mode(&out), mode(&any));

    fs::set_permissions(&out, fs::Permissions::from_mode(0o711)).unwrap();
    publish(&out, &pages("two")).unwrap();
    assert_eq!(mode(&out), 0o711);
}
