//! What is refused, with a message that says what to do, and with everything left as it was.

use std::fs;
use std::path::Path;

use alertbook::page::Page;
use alertbook::publish::{Error, Staging};

use crate::site::{Pages, beside, pages, publish, state, tree};

fn refuse(out: &Path) -> String {
    Staging::begin(out).unwrap_err().to_string()
}

#[test]
fn a_folder_of_other_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("documents");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.txt"), "text").unwrap();
    let before = state(&out);
    let message = refuse(&out);
    assert!(message.contains("documents") && message.contains("name a new or empty folder"));
    assert_eq!(state(&out), before);
    assert_eq!(beside(&out), ["documents"]);
}

#[test]
fn a_damaged_manifest_is_refused() {
    for damage in ["", "{", "[]", r#"{"version":1,"files":[{"path":"../x"}]}"#] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        publish(&out, &pages("one")).unwrap();
        fs::write(out.join(crate::MANIFEST), damage).unwrap();
        let before = state(&out);
        let message = refuse(&out);
        assert!(message.contains(crate::MANIFEST) && message.contains("restore it"), "{message}");
        assert_eq!(state(&out), before);
    }
}

#[test]
fn places_that_cannot_be_a_site_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "text").unwrap();
    assert!(refuse(&file).contains("not a folder"));
    assert!(refuse(Path::new("/")).contains("name a folder inside it"));
    assert!(refuse(&folder.path().join("missing/..")).contains("name a folder inside it"));
    assert!(refuse(&file.join("site")).contains(&*file.to_string_lossy()));
    assert_eq!(fs::read_to_string(&file).unwrap(), "text");
    assert_eq!(beside(&file), ["file"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("site");
    std::os::unix::fs::symlink("nothing", &link).unwrap();
    assert!(refuse(&link).contains("does not exist"));
    assert_eq!(beside(&link), ["site"]);
}

#[cfg(target_os = "linux")]
#[test]
fn places_where_even_root_may_not_write_are_refused() {
    let message = refuse(Path::new("/sys/alertbook-site"));
    assert!(message.contains("/sys") && message.contains("name another folder"), "{message}");
    let message = refuse(Path::new("/proc"));
    assert!(message.contains("mount point") && message.contains("/proc/site"), "{message}");
}

#[test]
fn a_second_run_at_once_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    let first = Staging::begin(&out).unwrap();
    assert!(refuse(&out).contains("another run"));
    first.put(Page { path: "index.html".into(), bytes: b"first".to_vec() }).unwrap();
    first.commit().unwrap();
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "first");
    publish(&out, &pages("second")).unwrap();
}

#[test]
fn a_site_that_vanishes_during_the_run_is_an_error_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    let staging = Staging::begin(&out).unwrap();
    staging.put(Page { path: "index.html".into(), bytes: b"two".to_vec() }).unwrap();
    fs::remove_dir_all(&out).unwrap();
    assert!(staging.commit().is_err());
    assert_eq!(beside(&out), [""; 0]);
}

#[test]
fn files_that_appear_during_the_first_run_are_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    let staging = Staging::begin(&out).unwrap();
    staging.put(Page { path: "index.html".into(), bytes: b"one".to_vec() }).unwrap();
    fs::create_dir(&out).unwrap();
    fs::write(out.join("index.html"), "mine").unwrap();
    assert!(staging.commit().unwrap_err().to_string().contains("publish into"));
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "mine");
    assert_eq!(beside(&out), ["site"]);
}

#[test]
fn a_site_with_a_refused_page_is_not_published() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    let before = state(&out);
    for path in ["../escaped.html", "/escaped.html", "a/../../escaped.html", ".htaccess"] {
        let staging = Staging::begin(&out).unwrap();
        let error = staging.put(Page { path: path.into(), bytes: Vec::new() }).unwrap_err();
        assert!(matches!(error, Error::PagePath { .. }), "{error}");
        assert!(error.to_string().contains(path));
        assert!(matches!(staging.commit().unwrap_err(), Error::Incomplete { out: o } if o == out));
    }
    assert_eq!(state(&out), before);
    assert_eq!(beside(&out), ["site"]);
}

#[test]
fn two_pages_never_share_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    for _ in ["the page is written", "the page is kept"] {
        let staging = Staging::begin(&out).unwrap();
        let page = Page { path: "index.html".into(), bytes: b"one".to_vec() };
        staging.put(page.clone()).unwrap();
        assert!(matches!(staging.put(page).unwrap_err(), Error::Twice { .. }));
        drop(staging);
        publish(&out, &pages("one")).unwrap();
    }
}

#[test]
fn a_path_is_never_both_a_page_and_a_folder() {
    for order in [["a", "a/b"], ["a/b", "a"]] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        let staging = Staging::begin(&out).unwrap();
        let put = |path: &str| staging.put(Page { path: path.into(), bytes: Vec::new() });
        assert!(order.into_iter().try_for_each(put).is_err());
        assert!(staging.commit().is_err());
        assert!(!out.exists());
    }
}

/// Run with a limit on the size of files, as a full disk has.
#[test]
#[ignore = "run in a process of its own by the next test"]
fn publish_a_large_page() {
    let out = std::env::var_os("ALERTBOOK_TEST_SITE").expect("the site is given");
    let mut next: Pages = pages("two");
    next.insert("large.html".into(), "x".repeat(1 << 20));
    let error = publish(Path::new(&out), &next).unwrap_err();
    assert!(error.to_string().contains("large.html"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_that_does_not_fit_leaves_the_old_site() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    let before = tree(&out);
    let status = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "refused::publish_a_large_page", "--ignored"])
        .env("ALERTBOOK_TEST_SITE", &out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&status.stdout);
    assert!(status.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(tree(&out), before);
    assert_eq!(beside(&out), ["site"]);
}
