//! Why a site cannot be published, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// A reason not to publish. The published site stays whole, whatever went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A page asks for a path that could leave the site or mean another file elsewhere.
    #[error("the page path {path:?} cannot be published: {reason}")]
    PagePath {
        /// The path as the page gave it.
        path: String,
        /// The rule that it breaks.
        reason: &'static str,
    },

    /// Two pages ask for one path.
    #[error("two pages claim the path {path:?}: every page needs a path of its own")]
    Twice {
        /// The path that both gave.
        path: String,
    },

    /// A page was refused or could not be written, so the site would be without it.
    #[error("the site in {} was left as it was: not all of its pages could be written", .out.display())]
    Incomplete {
        /// The folder of the site.
        out: PathBuf,
    },

    /// The folder is the root of the file system, or its name cannot be known.
    #[error("cannot publish into {}: name a folder inside it, such as {}", .out.display(), .out.join("site").display())]
    NoName {
        /// The folder as it was given.
        out: PathBuf,
    },

    /// The folder is where a file system is mounted, so it cannot be exchanged for another.
    #[error("cannot publish into {}: it is a mount point, which cannot be replaced in one step; name a folder inside it, such as {}", .out.display(), .out.join("site").display())]
    MountPoint {
        /// The folder.
        out: PathBuf,
    },

    /// There is something else than a folder.
    #[error("cannot publish into {}: it is not a folder; name another, or move it away", .out.display())]
    NotFolder {
        /// The path as it was given.
        out: PathBuf,
    },

    /// A symbolic link that leads nowhere.
    #[error("cannot publish into {}: it is a symbolic link to something that does not exist; make that folder, or remove the link", .out.display())]
    Dangling {
        /// The link.
        out: PathBuf,
    },

    /// The folder holds files and no manifest.
    #[error("cannot publish into {}: it holds files and is not a site that alertbook wrote; name a new or empty folder", .out.display())]
    NotOurs {
        /// The folder.
        out: PathBuf,
    },

    /// The manifest does not say which files are ours.
    #[error("cannot read the manifest {}: {reason}; without it nobody knows which files may be replaced, so restore it, or move its folder away and build a new site", .manifest.display())]
    Damaged {
        /// The manifest's path.
        manifest: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// Another run is at work on this site.
    #[error("another run of alertbook is publishing into {}; wait for it to end", .out.display())]
    Locked {
        /// The folder of the site.
        out: PathBuf,
    },

    /// A page would take the place of a file that a person put into the site.
    #[error("{} is in the way of a page and was not written by alertbook; move it away", .path.display())]
    InTheWay {
        /// The file or folder.
        path: PathBuf,
    },

    /// A folder of a run that ended early holds something that cannot be put back by itself.
    #[error("{} was not written by alertbook and cannot be put back to {}, which holds something else; move one of them away", .path.display(), .target.display())]
    Leftover {
        /// Where it is.
        path: PathBuf,
        /// Where it belongs.
        target: PathBuf,
    },

    /// No permission to write.
    #[error("cannot write to {}: {source}; name another folder, or run as a user who may write there", .path.display())]
    NotWritable {
        /// What could not be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// No room to write.
    #[error("cannot write {}: {source}; free some space and run again", .path.display())]
    Full {
        /// What could not be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// Anything else the system refuses.
    #[error("cannot {doing} {}: {source}", .path.display())]
    System {
        /// What was tried, as a verb.
        doing: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    /// The error for a call that failed while `doing` (a verb) something to `path`; used as
    /// `.map_err(Error::at("write", &path))`.
    pub(super) fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            match source.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    Self::NotWritable { path, source }
                }
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Self::Full { path, source }
                }
                _ => Self::System { doing, path, source },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_path_and_what_to_do() {
        let cases = [
            (io::ErrorKind::StorageFull, "free some space"),
            (io::ErrorKind::QuotaExceeded, "free some space"),
            (io::ErrorKind::PermissionDenied, "name another folder"),
            (io::ErrorKind::ReadOnlyFilesystem, "name another folder"),
            (io::ErrorKind::InvalidInput, "cannot write site/index.html"),
        ];
        for (kind, advice) in cases {
            let message = Error::at("write", Path::new("site/index.html"))(kind.into()).to_string();
            assert!(message.contains("site/index.html") && message.contains(advice), "{message}");
        }
    }
}
