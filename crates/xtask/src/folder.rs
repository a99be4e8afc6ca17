//! Where this machine's development data lives.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// A unix socket's whole path is at most 107 bytes; this leaves room for what is added to it.
const LONGEST: usize = 64;

/// The repository this executable was built from.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The folder for clusters, logs, mail and keys made in development: `POSTERN_STATE` if set, else
/// `.postern` in the repository. Under root PostgreSQL runs as somebody else, who must be able to
/// reach it, and a socket's path must be short; a repository that cannot offer both gets a folder
/// of its own under `/var/lib` (root) or the home folder (anyone else).
pub fn state() -> io::Result<PathBuf> {
    if let Some(chosen) = env::var_os("POSTERN_STATE") {
        let chosen = std::path::absolute(PathBuf::from(chosen))?;
        open_to_all(&chosen)?;
        return Ok(chosen);
    }
    let repository = repository();
    let inside = repository.join(".postern");
    let root = rustix::process::geteuid().is_root();
    let short = inside.as_os_str().len() <= LONGEST;
    let folder = if short && writable(&inside) && (!root || traversable(&repository)) {
        inside
    } else {
        let mut name = DefaultHasher::new();
        repository.hash(&mut name);
        let name = format!("{:08x}", name.finish() & 0xffff_ffff);
        let home = env::var_os("HOME").map(PathBuf::from);
        match home {
            Some(home) if !root => home.join(".local/state/postern").join(name),
            _ => Path::new("/var/lib/postern-development").join(name),
        }
    };
    open_to_all(&folder)?;
    Ok(folder)
}

/// Creates a folder that others may pass through; files of a private nature set their own mode.
pub fn open_to_all(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o755).create(folder)?;
    // The mask of the caller may have taken the others' bits away.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

/// Whether anybody may pass through `path` and each of its parents.
pub fn traversable(path: &Path) -> bool {
    path.ancestors().all(|folder| {
        fs::metadata(folder)
            .is_ok_and(|found| found.permissions().mode() & 0o001 != 0 || !found.is_dir())
    })
}

/// Creates a folder that only its owner may enter.
pub fn make_private(folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        fs::DirBuilder::new().mode(0o700).create(folder)?;
    }
    Ok(())
}

/// Writes a file that only its owner can read.
pub fn write_private(path: &Path, content: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(content.as_bytes())
}

/// A folder another account made (a run as root in the same clone) is not ours to write in.
fn writable(folder: &Path) -> bool {
    match fs::metadata(folder) {
        Ok(found) => found.uid() == rustix::process::geteuid().as_raw(),
        Err(_) => true,
    }
}
