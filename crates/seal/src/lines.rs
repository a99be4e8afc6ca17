//! Plaintexts made of a fixed number of LF-terminated lines: grants and epoch wraps.

use zeroize::Zeroizing;

/// Joins lines, each followed by LF.
pub(crate) fn join(lines: &[&str]) -> Zeroizing<String> {
    // Reserved whole, so that no copy of a secret stays behind in a freed buffer.
    let mut text =
        Zeroizing::new(String::with_capacity(lines.iter().map(|line| line.len() + 1).sum()));
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Exactly `N` LF-terminated lines of printable ASCII, or nothing.
pub(crate) fn split<const N: usize>(plaintext: &[u8]) -> Option<[&str; N]> {
    let text = std::str::from_utf8(plaintext).ok()?.strip_suffix('\n')?;
    let printable = text.bytes().all(|b| b == b'\n' || (0x20..0x7f).contains(&b));
    let lines: Vec<&str> = text.split('\n').collect();
    if printable { lines.try_into().ok() } else { None }
}
