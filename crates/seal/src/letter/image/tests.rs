use super::*;

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
    [&[0xff, marker], &length[..], data].concat()
}

fn jfif() -> Vec<u8> {
    segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
}

/// The parts of a tiny JPEG between SOI and EOI.
fn jpeg(middle: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    bytes.extend(middle.concat());
    bytes.extend(segment(0xdb, &[0; 65]));
    bytes.extend(segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]));
    bytes.extend(segment(0xc4, &[0; 17]));
    bytes.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    bytes.extend([0x12, 0xff, 0x00, 0xff, 0xd0, 0x34]);
    bytes.extend([0xff, 0xd9]);
    bytes
}

fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&name[..], data].concat();
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    [&length[..], &body, &crc32(&body).to_be_bytes()].concat()
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

fn header() -> Vec<u8> {
    chunk(*b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
}

fn data() -> Vec<u8> {
    chunk(*b"IDAT", &[1, 2, 3])
}

fn end() -> Vec<u8> {
    chunk(*b"IEND", &[])
}

#[test]
fn a_bare_jpeg_passes() {
    assert_eq!(check_jpeg(&jpeg(&[])), Ok(()));
    assert_eq!(check_jpeg(&jpeg(&[jfif()])), Ok(()));
}

#[test]
fn a_jpeg_with_anything_beside_pixels_is_refused() {
    let extras = [
        segment(0xe1, b"Exif\0\0place"),
        segment(0xe2, b"ICC_PROFILE\0"),
        segment(0xe2, b"MPF\0"),
        segment(0xed, b"Photoshop 3.0\0"),
        segment(0xfe, b"a comment"),
        segment(0xe0, b"JFXX\0\x10"),
        segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01thumbnail"),
    ];
    for extra in extras {
        assert_eq!(check_jpeg(&jpeg(&[extra])), Err(ImageError::Extra));
    }
    assert_eq!(check_jpeg(&jpeg(&[jfif(), jfif()])), Err(ImageError::Extra));
    let mut trailing = jpeg(&[]);
    trailing.extend(jpeg(&[]));
    assert_eq!(check_jpeg(&trailing), Err(ImageError::Trailing));
}

#[test]
fn a_cut_jpeg_is_refused() {
    let whole = jpeg(&[jfif()]);
    for len in 0..whole.len() {
        assert_eq!(check_jpeg(&whole[..len]), Err(ImageError::Malformed), "{len}");
    }
    let no_frame = [&[0xff, 0xd8][..], &segment(0xdb, &[0; 65]), &[0xff, 0xd9]].concat();
    assert_eq!(check_jpeg(&no_frame), Err(ImageError::Malformed));
}

#[test]
fn a_bare_png_passes() {
    assert_eq!(check_png(&png(&[header(), data(), data(), end()])), Ok(()));
    let palette = chunk(*b"PLTE", &[0; 3]);
    let transparency = chunk(*b"tRNS", &[0]);
    assert_eq!(check_png(&png(&[header(), palette, transparency, data(), end()])), Ok(()));
}

#[test]
fn a_png_with_anything_beside_pixels_is_refused() {
    for name in [b"tEXt", b"iTXt", b"zTXt", b"iCCP", b"eXIf", b"tIME", b"pHYs", b"acTL", b"abCd"] {
        let bytes = png(&[header(), chunk(*name, b"x"), data(), end()]);
        assert_eq!(check_png(&bytes), Err(ImageError::Extra));
    }
    let mut trailing = png(&[header(), data(), end()]);
    trailing.push(0);
    assert_eq!(check_png(&trailing), Err(ImageError::Trailing));
}

#[test]
fn a_cut_or_disordered_png_is_refused() {
    let whole = png(&[header(), data(), end()]);
    for len in 0..whole.len() {
        assert_eq!(check_png(&whole[..len]), Err(ImageError::Malformed), "{len}");
    }
    let mut altered = whole.clone();
    altered[20] ^= 1;
    assert_eq!(check_png(&altered), Err(ImageError::Malformed));
    for order in [vec![data(), header(), end()], vec![header(), end()], vec![header(), header()]] {
        assert_eq!(check_png(&png(&order)), Err(ImageError::Malformed));
    }
}
