//! age's key strings: Bech32 without its length limit, in one spelling.

use bech32::{Checksum, Hrp, primitives::decode::CheckedHrpstring};
use zeroize::Zeroizing;

use crate::key::KeyError;

/// Bech32 (BIP 173) without the limit of 90 characters, as age uses it.
enum Bech32Long {}

impl Checksum for Bech32Long {
    type MidstateRepr = u32;
    const CODE_LENGTH: usize = usize::MAX;
    const CHECKSUM_LENGTH: usize = ::bech32::Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [u32; 5] = ::bech32::Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = ::bech32::Bech32::TARGET_RESIDUE;
}

/// Writes `data` under the lowercase prefix.
pub(crate) fn encode(prefix: &str, data: &[u8]) -> String {
    let hrp = Hrp::parse_unchecked(prefix);
    ::bech32::encode_lower::<Bech32Long>(hrp, data).expect("this checksum has no length limit")
}

/// Reads a string that [`encode`] would write; any other spelling (case, padding) is refused.
pub(crate) fn decode<const N: usize>(
    prefix: &str,
    text: &str,
) -> Result<Zeroizing<[u8; N]>, KeyError> {
    let parsed = CheckedHrpstring::new::<Bech32Long>(text).map_err(|_| KeyError::AgeString)?;
    if parsed.hrp().as_str() != prefix {
        return Err(KeyError::AgeString);
    }
    let mut bytes = Zeroizing::new([0; N]);
    let mut data = parsed.byte_iter();
    for byte in bytes.iter_mut() {
        *byte = data.next().ok_or(KeyError::AgeString)?;
    }
    let again = Zeroizing::new(encode(prefix, &bytes[..]));
    if data.next().is_some() || *again != text {
        return Err(KeyError::AgeString);
    }
    Ok(bytes)
}
