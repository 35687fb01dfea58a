//! What can stop a run. Every variant names the thing it is about and what to do.

use std::{io, path::PathBuf};

/// What can stop a run. Bad records do not: they are counted and reported.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path given as LOGS does not exist or cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Input {
        /// The path as given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A path given as LOGS is neither a folder nor a regular file.
    #[error("{} is neither a folder nor a regular file; give a folder of logs, a file, or - for standard input", path.display())]
    NotAFile {
        /// The path as given.
        path: PathBuf,
    },
    /// The folders given hold no file.
    #[error(
        "no logs found in {inputs}: the folder holds no file; give the folder that Falco's logs are in"
    )]
    NoLogs {
        /// The paths as given.
        inputs: String,
    },
    /// Standard input was asked for beside other inputs.
    #[error(
        "- (standard input) cannot be given together with other LOGS; pipe everything in, or give paths only"
    )]
    StdinNotAlone,
    /// The logs hold no alert that the report would be about.
    #[error("{0}")]
    NoAlerts(String),
    /// The sums do not add up: a mistake in alertbook itself.
    #[error(
        "the accounts do not add up: {left_name} is {left}, {right_name} is {right}; nothing was published. This is a mistake in alertbook; please report it"
    )]
    Accounts {
        /// What was counted one way.
        left_name: &'static str,
        /// Its number.
        left: u64,
        /// What was counted another way.
        right_name: &'static str,
        /// Its number.
        right: u64,
    },
    /// The configuration cannot be used.
    #[error("{0}")]
    Config(String),
    /// A page cannot be made.
    #[error(transparent)]
    Render(#[from] crate::render::Error),
    /// The site cannot be published.
    #[error(transparent)]
    Publish(#[from] crate::publish::Error),
    /// A file of the history cannot be used.
    #[error(
        "the history cannot be used: {}{}: {message}. Nothing was written; the file stays as it is. Logs that \
         still hold that week make it again if the file is moved away",
        path.display(),
        if *line > 0 { format!(":{line}") } else { String::new() }
    )]
    History {
        /// The file.
        path: PathBuf,
        /// The line, or 0 for the file as a whole.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A file that is not part of a site cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is already there and would be lost.
    #[error("{} is already there and stays as it is; name another folder, or move it away", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
}
