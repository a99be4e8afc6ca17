#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    seal::testing::hostile::invitation_code(bytes);
});
