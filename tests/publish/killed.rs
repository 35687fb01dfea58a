//! A run is killed, again and again, while somebody reads the site.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use alertbook::publish::{Fingerprint, Manifest, Staging};

use crate::site::{Pages, beside, publish, tree};

const ROUNDS: u64 = 25;

/// A site in which every page but the styles says the generation, and some pages come and go.
fn generation(number: u64) -> Pages {
    let odd = if number % 2 == 1 { 10 } else { 0 };
    let hosts = (0..20).map(|host| format!("hosts/{}/{host}.html", host % 3));
    let come_and_go = (0..odd).map(|page| format!("odd/{page}.html"));
    let paths = hosts.chain(come_and_go).chain(["index.html".to_owned()]);
    let mut pages: Pages = paths.map(|path| (path, number.to_string())).collect();
    pages.extend((0..5).map(|style| (format!("static/{style}.css"), "style".to_owned())));
    pages
}

fn published(out: &Path) -> u64 {
    let index = fs::read_to_string(out.join("index.html")).unwrap_or_default();
    index.parse().unwrap_or_default()
}

/// Publishes generation after generation until it is killed.
#[test]
#[ignore = "run in a process of its own by the next test, which kills it"]
fn publish_without_end() {
    let out = std::env::var_os("ALERTBOOK_TEST_SITE").expect("the site is given");
    let out = Path::new(&out);
    for number in published(out) + 1.. {
        publish(out, &generation(number)).unwrap();
    }
}

fn start(out: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::publish_without_end", "--ignored"])
        .env("ALERTBOOK_TEST_SITE", out)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// The manifest of the site. A path is looked up in steps, so a lookup that began in the old site
/// may end after that has gone: only a site that stays away is missing.
fn manifest(out: &Path) -> Manifest {
    (0..100).find_map(|_| Manifest::read(out).unwrap()).expect("the site is never missing")
}

/// Reads the site, and says whether it was the same one from beginning to end. Generations never
/// come back, so it was if its manifest was.
fn read_whole_site(out: &Path) -> bool {
    let before = manifest(out);
    let read = |path: &str| fs::read(out.join(path)).ok();
    let files: Vec<_> = before.files().map(|(path, known)| (path, *known, read(path))).collect();
    if manifest(out) != before {
        return false;
    }
    let index = read_index(&files);
    assert_eq!(files.len(), generation(index).len());
    for (path, known, bytes) in files {
        let bytes = bytes.unwrap_or_else(|| panic!("{path} is listed and not there"));
        assert_eq!(Fingerprint::of(&bytes), known, "{path} is not what the manifest says");
        assert_eq!(bytes, generation(index)[path].as_bytes(), "{path} is of another site");
    }
    true
}

fn read_index(files: &[(&str, Fingerprint, Option<Vec<u8>>)]) -> u64 {
    let index = files.iter().find(|(path, ..)| *path == "index.html").unwrap();
    String::from_utf8(index.2.clone().unwrap()).unwrap().parse().unwrap()
}

/// Lets a run publish something, and kills it in the middle of what it does next. Says whether that
/// left something beside the site.
fn run_and_kill(out: &Path, round: u64) -> bool {
    let before = published(out);
    let mut child = start(out);
    while published(out) <= before {
        assert_eq!(child.try_wait().unwrap(), None, "the run ended by itself");
        thread::yield_now();
    }
    thread::sleep(Duration::from_micros(round * 531));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_to_string(out.join("CNAME")).unwrap(), "alerts.example.org");
    assert!(read_whole_site(out), "nobody is writing now");
    beside(out).iter().any(|name| name != "site" && !name.ends_with("-lock"))
}

#[cfg(unix)]
#[test]
fn a_reader_sees_whole_sites_only_however_often_the_runs_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    publish(&out, &generation(0)).unwrap();
    fs::write(out.join("CNAME"), "alerts.example.org").unwrap();
    fs::create_dir(out.join(".git")).unwrap();
    fs::write(out.join(".git/HEAD"), "ref").unwrap();

    let mut whole = 0;
    let leftovers = thread::scope(|scope| {
        let killer = scope.spawn(|| (0..ROUNDS).filter(|round| run_and_kill(&out, *round)).count());
        while !killer.is_finished() {
            whole += usize::from(read_whole_site(&out));
        }
        killer.join().unwrap()
    });
    assert!(whole > 0, "no reading lay between two generations");
    assert!(leftovers > 0, "no run was killed while it was at work");

    drop(Staging::begin(&out).unwrap());
    assert_eq!(beside(&out), ["site"]);
    assert!(published(&out) >= ROUNDS);
    let mut there = tree(&out);
    assert_eq!(there.remove(".git/HEAD").as_deref(), Some("ref"));
    assert_eq!(there.remove("CNAME").as_deref(), Some("alerts.example.org"));
    there.remove(crate::MANIFEST);
    assert_eq!(there, generation(published(&out)));
}
