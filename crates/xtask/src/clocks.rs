//! A clock for each role that may be wrong while the machine's is right: libfaketime, loaded into
//! the role's process, reads what its clock says from a file. Whatever only measures time, such as
//! a pause or a time limit, goes on as it should, as it does when a machine's clock is moved.

use std::fs;
use std::io;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use crate::services::Role;

/// What a clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The machine's time and so much more, or less: none is right.
    Off(SignedDuration),
    /// This, and it stands still.
    Still(Timestamp),
}

/// The clocks of a stack's roles.
#[derive(Clone, Debug)]
pub(crate) struct Clocks {
    library: PathBuf,
    folder: PathBuf,
}

impl Clocks {
    /// Right ones, kept in `folder`, which is made.
    pub fn new(library: PathBuf, folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let clocks = Self { library, folder };
        for role in Role::ALL {
            clocks.set(role, Reading::Off(SignedDuration::ZERO))?;
        }
        Ok(clocks)
    }

    /// Changes one, at once.
    pub fn set(&self, role: Role, reading: Reading) -> io::Result<()> {
        let text = match reading {
            Reading::Off(by) => format!("{:+}\n", by.as_secs()),
            Reading::Still(at) => {
                format!("{}.{:06}\n", at.as_second(), at.subsec_nanosecond() / 1000)
            }
        };
        // Whoever reads it meanwhile reads all of the old one or all of the new one.
        let (file, new) = (self.file(role), self.file(role).with_extension("new"));
        fs::write(&new, text)?;
        fs::rename(new, file)
    }

    /// What a role's process is started with.
    pub fn environment(&self, role: Role) -> [(&'static str, PathBuf); 5] {
        [
            ("LD_PRELOAD", self.library.clone()),
            ("FAKETIME_TIMESTAMP_FILE", self.file(role)),
            ("FAKETIME_FMT", "%s".into()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }

    fn file(&self, role: Role) -> PathBuf {
        self.folder.join(role.name())
    }
}
