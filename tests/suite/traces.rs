//! What leaves no trace in a site: where it is built, when, and that it was built before.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    time::{Duration, SystemTime},
};

use crate::{
    alerts::log,
    program::{Desk, files},
};

#[test]
fn a_second_build_of_the_same_touches_no_file() {
    let desk = Desk::with_log(&log(40));
    let state = || {
        let site = desk.path().join("site");
        let known = |name: String| {
            let known = fs::metadata(site.join(&name)).expect("the file is there");
            (name, known.ino(), known.mtime(), known.mtime_nsec())
        };
        files(&site).into_keys().map(known).collect::<Vec<_>>()
    };
    desk.build(&[]);
    let first = state();
    let ran = desk.run(&["build", "logs", "-o", "site", "--jobs", "2"]).ended(0);
    assert!(ran.out.contains(": 0 pages written"), "{}", ran.out);
    assert_eq!(first, state());
}

#[test]
fn neither_the_folder_nor_the_age_of_a_log_is_in_the_site() {
    let (here, there) = (Desk::with_log(&log(40)), Desk::with_log(&log(40)));
    here.build(&[]);
    let old = fs::File::options().write(true).open(there.path().join("logs/falco.log"));
    let day = SystemTime::UNIX_EPOCH + Duration::from_hours(24);
    old.and_then(|file| file.set_modified(day)).expect("the log is old");
    there.build(&[]);
    let (made, again) = (files(&here.path().join("site")), files(&there.path().join("site")));
    assert!(made.keys().eq(again.keys()));
    let folder = here.path().file_name().expect("a name").to_string_lossy();
    for (name, bytes) in &made {
        assert!(*bytes == again[name], "{name} differs");
        assert!(!String::from_utf8_lossy(bytes).contains(&*folder), "{name} names the folder");
    }
}
