//! The one source of randomness, taken once at the edge of each process and passed on.

use std::convert::Infallible;

use rand_core::{CryptoRng, TryCryptoRng, TryRng};

/// The operating system's generator.
///
/// # Panics
///
/// If the operating system has no randomness to give: nothing can be sealed safely then.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl TryRng for System {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        // The one place that may ask: `.clippy.toml` bans it everywhere else.
        #[allow(clippy::disallowed_methods, reason = "where a process takes its randomness")]
        #[allow(clippy::disallowed_methods, reason = "the one place randomness comes from")]
        getrandom::fill(bytes).expect("the operating system gives randomness");
        Ok(())
    }
}

impl TryCryptoRng for System {}

/// Lends a generator to a library of the `rand_core` 0.6 generation (`voprf`).
pub(crate) struct Generation06<'a, R>(pub &'a mut R);

impl<R: CryptoRng> rand_core_06::RngCore for Generation06<'_, R> {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core_06::Error> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl<R: CryptoRng> rand_core_06::CryptoRng for Generation06<'_, R> {}

/// `N` fresh random bytes: ids, nonces, challenges.
pub fn bytes<const N: usize>(rng: &mut impl CryptoRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}
