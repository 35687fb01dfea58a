//! Runs the program, and reads what it wrote.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;
use walkdir::WalkDir;

/// A run may not take longer: one that hangs fails instead of stopping the suite.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a run said.
#[derive(Debug)]
pub struct Ran {
    /// Exit status; -1 where a signal ended it.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Fails unless the run ended with a status.
    #[track_caller]
    pub fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, status, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// Fails unless the run could not do its work, and said so in these words.
    #[track_caller]
    pub fn refused(self, words: &str) -> Self {
        let ran = self.ended(2);
        assert!(ran.err.starts_with("error: "), "{}", ran.err);
        assert!(ran.err.contains(words), "{:?} is not in {}", words, ran.err);
        assert_eq!(ran.out, "", "a refusal prints no result");
        ran
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// The program in a folder of its own, untouched by the environment of the tests.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alertbook"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["SOURCE_DATE_EPOCH", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "CI"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program with arguments.
#[track_caller]
pub fn run(folder: &Path, args: &[&str]) -> Ran {
    finish(command(folder).args(args), None)
}

/// Runs the program with arguments and something to read.
#[track_caller]
pub fn run_with_input(folder: &Path, args: &[&str], input: &[u8]) -> Ran {
    finish(command(folder).args(args), Some(input))
}

/// Runs a command to its end.
#[track_caller]
pub fn finish(command: &mut Command, input: Option<&[u8]>) -> Ran {
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let spawned = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.expect("the program starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut err = child.stderr.take().expect("a pipe");
    let read_out = thread::spawn(move || {
        let mut text = Vec::new();
        out.read_to_end(&mut text).map(|_| text)
    });
    let read_err = thread::spawn(move || {
        let mut text = Vec::new();
        err.read_to_end(&mut text).map(|_| text)
    });
    if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
        // The program may end before it has read all.
        let _ = pipe.write_all(input);
    }
    let status = wait(&mut child);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("messages are UTF-8");
    Ran {
        status,
        out: text(read_out.join().expect("no panic").expect("output is read")),
        err: text(read_err.join().expect("no panic").expect("messages are read")),
    }
}

#[track_caller]
fn wait(child: &mut Child) -> i32 {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            return status.code().unwrap_or(-1);
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("the program hangs");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// A folder for one test; it goes when the test ends.
pub struct Desk(TempDir);

impl Desk {
    /// An empty folder.
    pub fn new() -> Self {
        Self(TempDir::with_prefix("alertbook-test-").expect("a temporary folder"))
    }

    /// A folder with one log in `logs/`.
    pub fn with_log(text: &str) -> Self {
        let desk = Self::new();
        desk.write("logs/falco.log", text);
        desk
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file and the folders above it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        fs::write(&path, bytes).expect("a file is written");
        path
    }

    /// The text of a file.
    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        let path = self.path().join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Runs the program here.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Ran {
        run(self.path(), args)
    }

    /// Builds `logs` into `site` with more arguments, and gives the report.
    #[track_caller]
    pub fn build(&self, more: &[&str]) -> Value {
        let args: Vec<_> = ["build", "logs", "-o", "site"].iter().chain(more).copied().collect();
        self.run(&args).ended(0);
        self.report()
    }

    /// The report of `site`.
    #[track_caller]
    pub fn report(&self) -> Value {
        serde_json::from_str(&self.read("site/report.json")).expect("report.json is JSON")
    }

    /// Checks `logs` with more arguments, and gives what it printed.
    #[track_caller]
    pub fn check(&self, more: &[&str]) -> Value {
        let args: Vec<_> = ["check", "logs", "--json"].iter().chain(more).copied().collect();
        self.run(&args).ended(0).json()
    }
}

/// Every file under a folder: name with `/`, and bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(folder) {
        let entry = entry.expect("the folder can be listed");
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(folder).expect("it is within");
            let bytes = fs::read(entry.path()).expect("a file can be read");
            files.insert(name.to_string_lossy().into_owned(), bytes);
        }
    }
    files
}

/// Every file of a site but the note of what it was made from, which names the program to the byte:
/// another build of the program writes another.
pub fn site(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(folder);
    files.remove(".alertbook-made-from").expect("the site says what it was made from");
    files
}

/// Fails unless `records` is the sum of the kinds.
#[track_caller]
pub fn adds_up(accounting: &Value) {
    let of = |name: &str| number(&accounting[name]);
    let kinds = [
        "alerts",
        "duplicates",
        "outside_period",
        "below_priority",
        "sensor",
        "other_text",
        "rejected",
    ];
    assert_eq!(of("records"), kinds.map(of).iter().sum::<u64>(), "{accounting}");
}

/// A number of a report.
#[track_caller]
pub fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The folder of the package.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
