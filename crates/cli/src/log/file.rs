//! Verifying an export: nothing but the file and the realm.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use domain::id::Realm;
use seal::audit::{Audit, Fault};
use seal::export::{Head, Line, MAX_LINE, Mismatch, Verification};

use super::{Stop, refused, unread};

/// Verifies a whole export, line by line.
pub fn verify(path: &Path, realm: Realm) -> Result<Audit, Stop> {
    let next = "name a file that `postern log export` has written";
    let failed = |error: std::io::Error| unread(path, &error, next);
    let mut file = BufReader::new(File::open(path).map_err(failed)?);
    let head = line(&mut file).map_err(failed)?.as_deref().and_then(Head::parse);
    let head = head.ok_or_else(|| unread(path, &"this is no export of a log", next))?;
    let mut verification = Verification::new(head, realm).map_err(refused)?;
    while let Some(line) = line(&mut file).map_err(failed)? {
        let Some(line) = Line::parse(&line) else {
            let entry = Some(verification.next());
            return Err(Mismatch { entry, fault: Fault::Malformed }.into());
        };
        verification.take(&line)?;
    }
    Ok(verification.end()?)
}

/// The next line with its end, or as much of it as any line may have.
fn line(file: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    file.take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
    Ok(if line.is_empty() { None } else { Some(line) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Stop {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, bytes).unwrap();
        verify(&path, Realm::from_bytes([7; 32])).unwrap_err()
    }

    #[test]
    fn a_file_that_is_no_export_is_trouble_and_no_finding() {
        let long = vec![b'{'; 2 * MAX_LINE];
        for bytes in [&b""[..], b"\n", b"{}\n", b"\x89PNG\r\n", &long] {
            let Stop::Unread(text) = found(bytes) else { panic!("{} bytes", bytes.len()) };
            assert!(text.contains("next: name a file"), "{text}");
        }
        let nowhere = verify(Path::new("/nowhere/log"), Realm::from_bytes([7; 32]));
        assert!(matches!(nowhere, Err(Stop::Unread(_))));
    }
}
