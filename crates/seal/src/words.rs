//! Generated words: four for family, six for staff and each custodian of a root.
//!
//! The list is the EFF long word list (Electronic Frontier Foundation, CC BY 3.0 US) without its
//! four hyphenated entries, so that "lowercase, only a to z" loses nothing: 7,772 words, 12.9
//! bits each.

use std::{fmt, sync::LazyLock};

use rand_core::CryptoRng;
use zeroize::ZeroizeOnDrop;

/// How many words a family member's card has: 51 bits, behind the gate and scrypt.
pub const FAMILY: usize = 4;
/// How many words a member of staff and a custodian has: 77 bits.
pub const STAFF: usize = 6;

static LIST: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("words.txt").lines().collect());

/// Words as they are hashed: lowercase a to z with nothing between them. Zeroized when dropped.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct Words(String);

impl Words {
    /// Normalises what somebody typed or a card says. None if no letter is left.
    pub fn from_typed(typed: &str) -> Option<Self> {
        let mut words = String::with_capacity(typed.len());
        words.extend(typed.chars().flat_map(char::to_lowercase).filter(char::is_ascii_lowercase));
        if words.is_empty() { None } else { Some(Self(words)) }
    }

    /// The normalised form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words(secret)")
    }
}

/// The whole list, sorted.
pub fn list() -> &'static [&'static str] {
    &LIST
}

/// Draws words uniformly and independently, to be shown with spaces between them.
pub fn generate(count: usize, rng: &mut impl CryptoRng) -> Vec<&'static str> {
    (0..count).map(|_| LIST[below(LIST.len(), rng)]).collect()
}

/// A uniform number below `limit`, by rejection.
fn below(limit: usize, rng: &mut impl CryptoRng) -> usize {
    let limit = u32::try_from(limit).expect("the list is short");
    let whole = u32::MAX - u32::MAX % limit;
    loop {
        let drawn = rng.next_u32();
        if drawn < whole {
            return (drawn % limit) as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::System;

    #[test]
    fn the_list_is_the_eff_one_without_hyphens() {
        assert_eq!(list().len(), 7772);
        assert!(list().is_sorted());
        assert!(list().iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
        // Words run together when hashed; no word begins another, so they still tell apart.
        assert!(list().windows(2).all(|pair| !pair[1].starts_with(pair[0])));
        for absent in ["drop-down", "felt-tip", "t-shirt", "yo-yo"] {
            assert!(!list().contains(&absent));
        }
    }

    #[test]
    fn typing_is_forgiven_its_case_spaces_and_marks() {
        let generated = generate(FAMILY, &mut System);
        assert_eq!(generated.len(), 4);
        let card = Words::from_typed(&generated.join(" ")).expect("words");
        let typed = format!("  {}. ", generated.join("-").to_uppercase());
        assert_eq!(Words::from_typed(&typed), Some(card.clone()));
        assert_eq!(card.as_str(), generated.concat());
        assert_eq!(Words::from_typed(" 12 - "), None);
        assert_eq!(format!("{card:?}"), "Words(secret)");
    }
}
