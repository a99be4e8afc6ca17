//! Files that are whole or not there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file being written beside its place, which only its owner may read. Dropped before it is put
/// there, it is gone.
#[derive(Debug)]
pub struct Whole {
    path: PathBuf,
    part: PathBuf,
    out: BufWriter<File>,
}

impl Whole {
    /// Begins one.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let mut part = path.as_os_str().to_owned();
        part.push(format!(".part-{}", std::process::id()));
        let part = PathBuf::from(part);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        Ok(Self { path: path.to_path_buf(), part, out: BufWriter::new(file) })
    }

    /// Goes on writing.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// Puts it in its place, where nothing may be.
    pub fn keep_new(mut self) -> io::Result<()> {
        self.finish()?;
        // Unlike a rename, a link never takes the place of another file.
        fs::hard_link(&self.part, &self.path)?;
        fs::remove_file(&self.part)?;
        self.sync_folder()
    }

    /// Puts it in its place, instead of what is there.
    pub fn replace(mut self) -> io::Result<()> {
        self.finish()?;
        fs::rename(&self.part, &self.path)?;
        self.sync_folder()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()
    }

    /// After a power cut the name is there too.
    fn sync_folder(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // Once it is in its place there is none.
        let _ = fs::remove_file(&self.part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let files = fs::read_dir(folder).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_is_not_finished_leaves_nothing_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        Whole::begin(&path).unwrap().write(b"half").unwrap();
        assert!(names(folder.path()).is_empty());
        fs::write(&path, "before").unwrap();
        Whole::begin(&path).unwrap().write(b"half").unwrap();
        assert_eq!(names(folder.path()), ["log"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    }

    #[test]
    fn a_new_file_takes_no_other_files_place_and_nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        for (text, kept) in [("one", true), ("two", false)] {
            let mut file = Whole::begin(&path).unwrap();
            file.write(text.as_bytes()).unwrap();
            assert_eq!(file.keep_new().is_ok(), kept);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let mut file = Whole::begin(&path).unwrap();
        file.write(b"three").unwrap();
        file.replace().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(names(folder.path()), ["log"]);
    }
}
