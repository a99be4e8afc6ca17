#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    mediation::provider::hostile::logout_token(bytes);
});
