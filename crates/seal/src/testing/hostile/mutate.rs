//! Small damage, drawn from a seed: the same seed, the same damage, on every machine.

use rand_core::Rng;

use super::super::Seeded;

/// What parsers trip over.
const PIECES: [&[u8]; 22] = [
    b"\0",
    b"\n",
    b"\n\n",
    b"\r\n",
    b" ",
    b"\"",
    b"\\u0041",
    b",",
    b"{}",
    b"[",
    b"null",
    b"-1",
    b"0",
    b"9007199254740992",
    b"18446744073709551616",
    b"1e9",
    b"=",
    b"-> X grease\n",
    b"--- ",
    "\u{2014} ".as_bytes(),
    "\u{feff}\u{85}\u{202e}".as_bytes(),
    b"\xff\xfe",
];

/// `of` with one to four small changes; a change may take a piece from `other`.
pub fn mutated(of: &[u8], other: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let mut bytes = of.to_vec();
    for _ in 0..=below(rng, 4) {
        change(&mut bytes, other, rng);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], rng: &mut Seeded) {
    let at = below(rng, bytes.len() + 1);
    let length = 1 + below(rng, 16);
    let end = bytes.len().min(at + length);
    match below(rng, 7) {
        0 if at < bytes.len() => bytes[at] ^= 1 << below(rng, 8),
        1 if at < bytes.len() => bytes[at] = u8::try_from(below(rng, 256)).unwrap_or_default(),
        2 => drop(bytes.drain(at..end)),
        3 => bytes.truncate(at),
        4 => {
            let again = bytes[at..end].to_vec();
            drop(bytes.splice(at..at, again));
        }
        5 => {
            let from = below(rng, other.len() + 1);
            let piece = &other[from..other.len().min(from + length)];
            drop(bytes.splice(at..end, piece.iter().copied()));
        }
        _ => {
            let piece = PIECES[below(rng, PIECES.len())];
            drop(bytes.splice(at..at, piece.iter().copied()));
        }
    }
}

/// From 0 to `end`, without it; 0 where there is no choice.
fn below(rng: &mut Seeded, end: usize) -> usize {
    let drawn = usize::try_from(rng.next_u64() >> 32).unwrap_or_default();
    drawn % end.max(1)
}
