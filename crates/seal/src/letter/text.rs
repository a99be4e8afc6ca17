//! Plain text: NFC, and no control or format character but LF and the joiner inside emoji.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use zeroize::Zeroizing;

/// Why a text is not plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Not UTF-8.
    #[error("not UTF-8")]
    Utf8,
    /// Not in Unicode normalisation form C.
    #[error("not in normalisation form C")]
    Nfc,
    /// A control or format character, which could hide or reorder what is read.
    #[error("a control or format character")]
    Control,
}

const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Unicode 17 general category Cf.
const FORMAT: [(u32, u32); 21] = [
    (0x00ad, 0x00ad),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x180e, 0x180e),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x2064),
    (0x2066, 0x206f),
    (0xfeff, 0xfeff),
    (0xfff9, 0xfffb),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0001, 0xe0001),
    (0xe0020, 0xe007f),
];

pub(super) fn check(bytes: &[u8]) -> Result<(), TextError> {
    let text = std::str::from_utf8(bytes).map_err(|_| TextError::Utf8)?;
    if text.is_ascii() {
        let hidden = bytes.iter().any(|&b| b.is_ascii_control() && b != b'\n');
        return if hidden { Err(TextError::Control) } else { Ok(()) };
    }
    if !is_nfc(text) {
        return Err(TextError::Nfc);
    }
    if text.chars().any(is_hidden) {
        return Err(TextError::Control);
    }
    Ok(())
}

pub(super) fn normalise(text: &str) -> Zeroizing<Vec<u8>> {
    if text.is_ascii() {
        return Zeroizing::new(text.as_bytes().to_vec());
    }
    Zeroizing::new(text.nfc().collect::<String>().into_bytes())
}

fn is_hidden(c: char) -> bool {
    if c == '\n' || c == ZERO_WIDTH_JOINER {
        return false;
    }
    let code = u32::from(c);
    c.is_control() || FORMAT.iter().any(|(from, to)| (*from..=*to).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_passes() {
        for text in ["", "Dear Sam,\n\nlove", "Ŵyn â ŷ", "👩‍👧 ❤️", "日本", "“quoted” – so"]
        {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn hidden_and_reordering_characters_are_refused() {
        for text in ["a\tb", "a\r\n", "\0", "a\u{202e}b", "soft\u{ad}hyphen", "\u{feff}x", "\u{85}"]
        {
            assert_eq!(check(text.as_bytes()), Err(TextError::Control), "{text:?}");
        }
        // What is refused of all there is, as the browser refuses it too (web/test/letter.test.ts).
        let refused: Vec<_> = ('\0'..=char::MAX)
            .filter(|c| check(c.to_string().as_bytes()) == Err(TextError::Control))
            .map(|c| format!("{:x}\n", u32::from(c)))
            .collect();
        assert_eq!(
            crate::file::hash(refused.concat().as_bytes()).to_string(),
            "0d5a4860100376001baa7e854947e84e01fe128f57f6707e4ae3bdd4ca044f25"
        );
        assert_eq!(check("e\u{301}".as_bytes()), Err(TextError::Nfc));
        assert_eq!(check(&normalise("e\u{301}")), Ok(()));
        assert_eq!(check(b"\xff"), Err(TextError::Utf8));
    }
}
