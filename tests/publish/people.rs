//! What people do in the folder of a site.

use std::fs;
use std::path::Path;

use alertbook::publish::{Error, Outcome};

use crate::site::{Pages, beside, pages, publish, state, tree};

fn write(out: &Path, path: &str) {
    fs::create_dir_all(out.join(path).parent().unwrap()).unwrap();
    fs::write(out.join(path), path).unwrap();
}

#[test]
fn what_people_put_into_the_site_stays() {
    let foreign = ["CNAME", ".git/HEAD", ".git/objects/aa/bb", "hosts/notes.txt", "hosts/old/x"];
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    for path in foreign {
        write(&out, path);
    }
    fs::create_dir(out.join("empty")).unwrap();
    let before = state(&out);

    // "hosts" holds pages of ours, then only what people put there, then pages again.
    let mut without_hosts = pages("two");
    without_hosts.remove("hosts/web.html");
    for next in [pages("two"), without_hosts, pages("three")] {
        publish(&out, &next).unwrap();
        let mut there = tree(&out);
        there.remove(crate::MANIFEST);
        let mut expected: Pages = foreign.map(|path| (path.to_owned(), path.to_owned())).into();
        expected.extend(next);
        assert_eq!(there, expected);
        let after = state(&out);
        for path in foreign.into_iter().chain([".git", "hosts/old", "empty"]) {
            assert_eq!(after[path].inode, before[path].inode, "{path} is another file");
        }
        assert_eq!(beside(&out), ["site"]);
    }
}

#[cfg(unix)]
#[test]
fn links_and_names_that_are_no_text_stay() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    symlink("/nowhere", out.join("dangling")).unwrap();
    symlink("..", out.join("hosts/up")).unwrap();
    let (file, directory) = (OsStr::from_bytes(b"\xff.txt"), OsStr::from_bytes(b"\xfe"));
    fs::write(out.join(file), "file").unwrap();
    fs::create_dir(out.join(directory)).unwrap();
    fs::write(out.join(directory).join(file), "in directory").unwrap();

    publish(&out, &pages("two")).unwrap();
    assert_eq!(fs::read_link(out.join("dangling")).unwrap(), Path::new("/nowhere"));
    assert_eq!(fs::read_link(out.join("hosts/up")).unwrap(), Path::new(".."));
    assert_eq!(fs::read_to_string(out.join(file)).unwrap(), "file");
    assert_eq!(fs::read_to_string(out.join(directory).join(file)).unwrap(), "in directory");
}

#[test]
fn a_page_that_a_person_changed_or_deleted_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    fs::write(out.join("index.html"), "1ne").unwrap();
    fs::remove_dir_all(out.join("hosts")).unwrap();
    let outcome = publish(&out, &pages("one")).unwrap();
    assert_eq!(outcome, Outcome { written: 2, kept: 2, removed: 0 });
    let mut there = tree(&out);
    there.remove(crate::MANIFEST);
    assert_eq!(there, pages("one"));
}

#[test]
fn a_page_never_takes_the_place_of_what_a_person_made() {
    let cases = [
        ("feed.xml", "feed.xml"),
        ("weeks", "weeks/1/index.html"),
        ("feed.xml/notes", "feed.xml"),
        ("hosts/notes", "hosts"),
        ("hosts/deep/notes", "hosts"),
        ("weeks/1", "weeks/1/index.html"),
    ];
    for (foreign, page) in cases {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        publish(&out, &pages("one")).unwrap();
        write(&out, foreign);
        let before = tree(&out);

        let mut next = pages("two");
        next.remove("hosts/web.html");
        next.insert(page.to_owned(), "page".to_owned());
        let error = publish(&out, &next).unwrap_err();
        assert!(matches!(error, Error::InTheWay { .. }), "{foreign}, {page}: {error}");
        assert_eq!(tree(&out), before, "{foreign}, {page}");
        assert_eq!(beside(&out), ["site"]);
    }
}

#[test]
fn a_page_may_take_the_place_of_a_folder_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &pages("one")).unwrap();
    let next: Pages = [("hosts".to_owned(), "a page".to_owned())].into();
    publish(&out, &next).unwrap();
    assert_eq!(fs::read_to_string(out.join("hosts")).unwrap(), "a page");
    publish(&out, &pages("two")).unwrap();
    assert_eq!(fs::read_to_string(out.join("hosts/web.html")).unwrap(), "two");
}

#[cfg(unix)]
#[test]
fn a_page_that_became_a_link_is_replaced_and_its_target_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (out, target) = (folder.path().join("site"), folder.path().join("target"));
    publish(&out, &pages("one")).unwrap();
    fs::write(&target, "one").unwrap();
    fs::remove_file(out.join("index.html")).unwrap();
    std::os::unix::fs::symlink(&target, out.join("index.html")).unwrap();
    assert_eq!(publish(&out, &pages("one")).unwrap().written, 1);
    assert!(fs::symlink_metadata(out.join("index.html")).unwrap().is_file());
    assert_eq!(fs::read_to_string(&target).unwrap(), "one");
}
