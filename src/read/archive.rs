//! Archives: each member is a log of its own, named `archive.zip!member`, and none is unpacked
//! to disk.
//!
//! Members of a plain tar are stretches of its file and those of a zip are read one by one; the
//! members of a compressed tar can only be read in their order, and are one unit of work.

pub mod tar;
pub mod zip;

use std::{io, path::Path};

use super::{
    cut::Cuts,
    format::Packing,
    open::open,
    unpack::{decompressed, opened},
    walk::{LogFile, Source},
};
use crate::time::Timestamp;

/// Files that are shorter hold no archive with a log in it.
const SHORTEST: u64 = 64;

/// Members that are read of one archive.
const MOST: usize = 100_000;

/// The logs in a file: its members if it is an archive, itself if not.
pub fn expand(log: LogFile) -> Vec<LogFile> {
    let Source::Path(disk) = &log.source else { return vec![log] };
    if log.size < SHORTEST {
        return vec![log];
    }
    let members = match kind(disk.path()) {
        Ok(Some(Kind::Tar)) => tar::plain(disk, &log),
        Ok(Some(Kind::PackedTar)) => tar::packed(disk, &log),
        Ok(Some(Kind::Zip)) => match zip::members(disk, &log) {
            // Without its directory it is read from its beginning to its end, as one log.
            Err(_) => return vec![log],
            members => members,
        },
        // Whatever is wrong is said when the file is read.
        Ok(None) | Err(_) => return vec![log],
    };
    match members {
        Ok(members) if members.is_empty() => {
            vec![LogFile { size: 0, source: Source::Empty, ..log }]
        }
        Ok(members) => members,
        Err(error) => {
            let why = format!("its members cannot be listed: {error}");
            vec![LogFile { source: Source::Broken(why), ..log }]
        }
    }
}

enum Kind {
    Tar,
    PackedTar,
    Zip,
}

fn kind(path: &Path) -> io::Result<Option<Kind>> {
    let mut file = open(path)?;
    let (packing, stream) = opened(&mut file);
    Ok(match packing {
        Packing::Tar => Some(Kind::Tar),
        Packing::Zip => Some(Kind::Zip),
        Packing::Gzip | Packing::Zstd | Packing::Xz | Packing::Bzip2 => {
            let mut inner = decompressed(packing, stream)?;
            let (within, _) = opened(&mut inner);
            (within == Packing::Tar).then_some(Kind::PackedTar)
        }
        Packing::Plain | Packing::Unreadable(_) => None,
    })
}

/// The members of an archive, as they are found.
struct Members<'l> {
    archive: &'l LogFile,
    list: Vec<LogFile>,
}

impl<'l> Members<'l> {
    const fn of(archive: &'l LogFile) -> Self {
        Self { archive, list: Vec::new() }
    }

    /// Adds a member; `false` where it is one too many. Its place is a path, so that host patterns
    /// fit it.
    fn add(&mut self, name: &str, size: u64, modified: Option<Timestamp>, source: Source) -> bool {
        if self.list.len() >= MOST {
            self.unread(format!("it has more than {MOST} members; what follows is not read"));
            return false;
        }
        self.push(name, size, modified, source);
        true
    }

    /// Adds what stands for the members that are not listed.
    fn unread(&mut self, why: String) {
        self.push("…", 0, None, Source::Broken(why));
    }

    fn push(&mut self, name: &str, size: u64, modified: Option<Timestamp>, source: Source) {
        let archive = self.archive;
        self.list.push(LogFile {
            name: format!("{}!{name}", archive.name),
            place: format!("{}/{name}", archive.place),
            size,
            modified: modified.or(archive.modified),
            limits: archive.limits,
            source,
            cuts: Cuts::default(),
        });
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::read::{Limits, open::Disk};

    #[test]
    fn members_beyond_the_most_are_said() {
        let archive = LogFile {
            name: "logs.tar".into(),
            place: "in/logs.tar".into(),
            size: 1,
            modified: None,
            limits: Limits::default(),
            source: Source::Path(Disk::new(PathBuf::new(), None)),
            cuts: Cuts::default(),
        };
        let mut members = Members::of(&archive);
        while members.add("falco.log", 1, None, Source::Empty) {}
        assert_eq!(members.list.len(), MOST + 1);
        let last = members.list.pop().expect("a note");
        assert_eq!(last.name, "logs.tar!…");
        assert!(matches!(last.source, Source::Broken(why) if why.contains("more than 100000")));
    }
}
