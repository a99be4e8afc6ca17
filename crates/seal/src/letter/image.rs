//! Still images that carry pixels and nothing else: no metadata, colour profile, second image or
//! trailing bytes. Photos are re-encoded on the writer's device; this is the check afterwards.
//!
//! Structural: the compressed data itself is not decoded here.

/// Why an image is not plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Not the file type it says, cut short, or out of order.
    #[error("not a well-formed image of its type")]
    Malformed,
    /// Metadata, a colour profile, a thumbnail, or anything else beside the pixels.
    #[error("it carries more than pixels")]
    Extra,
    /// Bytes after the end of the image.
    #[error("bytes follow its end")]
    Trailing,
}

/// ITU-T T.81 Annex B; of application data only the JFIF header without a thumbnail, first.
pub(super) fn check_jpeg(bytes: &[u8]) -> Result<(), ImageError> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8").ok_or(ImageError::Malformed)?;
    let (mut first, mut frames, mut scans) = (true, 0, 0);
    loop {
        let [0xff, marker, after @ ..] = rest else { return Err(ImageError::Malformed) };
        if *marker == 0xd9 {
            return match (frames, scans, after) {
                (1, 1.., []) => Ok(()),
                (1, 1.., _) => Err(ImageError::Trailing),
                _ => Err(ImageError::Malformed),
            };
        }
        let [high, low, ..] = after else { return Err(ImageError::Malformed) };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let segment = after.get(2..length).ok_or(ImageError::Malformed)?;
        rest = &after[length..];
        match marker {
            0xe0 if first && is_bare_jfif(segment) => {}
            // Baseline or progressive frame.
            0xc0 | 0xc2 => frames += 1,
            // Huffman tables, quantisation tables, restart interval.
            0xc4 | 0xdb | 0xdd => {}
            0xda if frames == 1 => {
                scans += 1;
                rest = after_scan(rest);
            }
            0xe0..=0xef | 0xfe => return Err(ImageError::Extra),
            _ => return Err(ImageError::Malformed),
        }
        first = false;
    }
}

fn is_bare_jfif(segment: &[u8]) -> bool {
    segment.len() == 14 && segment.starts_with(b"JFIF\0") && segment[12..] == [0, 0]
}

/// Skips entropy-coded data: stuffed zeros and restart markers belong to it.
fn after_scan(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .windows(2)
        .position(|pair| pair[0] == 0xff && pair[1] != 0 && !(0xd0..=0xd7).contains(&pair[1]));
    &bytes[end.unwrap_or(bytes.len())..]
}

/// IHDR, PLTE, tRNS, IDAT and IEND, in that order, with their checksums.
pub(super) fn check_png(bytes: &[u8]) -> Result<(), ImageError> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").ok_or(ImageError::Malformed)?;
    // How far the order has come: nothing, header, palette, transparency, data.
    let mut stage = 0;
    loop {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(ImageError::Malformed)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (chunk, after) =
            after.split_at_checked(length.saturating_add(4)).ok_or(ImageError::Malformed)?;
        let (crc, after) = after.split_first_chunk::<4>().ok_or(ImageError::Malformed)?;
        if crc32(chunk) != u32::from_be_bytes(*crc) {
            return Err(ImageError::Malformed);
        }
        stage = match (&chunk[..4], stage) {
            (b"IHDR", 0) if length == 13 => 1,
            (b"PLTE", 1) => 2,
            (b"tRNS", 1 | 2) => 3,
            (b"IDAT", 1..=4) => 4,
            (b"IEND", 4) if length == 0 => {
                return if after.is_empty() { Ok(()) } else { Err(ImageError::Trailing) };
            }
            (b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND", _) => {
                return Err(ImageError::Malformed);
            }
            _ => return Err(ImageError::Extra),
        };
        rest = after;
    }
}

/// CRC-32 of PNG (ISO 3309), by bits: pictures are checked seldom and this needs no table.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests;
