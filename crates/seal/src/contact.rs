//! Contact points: where news may be sent, sealed to the notification service alone.

use domain::id::{MembershipId, Realm};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    file::{self, FileError, Stanzas},
    key::{X25519Identity, X25519Recipient},
};

/// Length of the plaintext.
const SIZE: usize = 1024;

/// Why a contact point cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// The sealed file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// Not one line in the one form, or its padding is not zero.
    #[error("a contact point is not well formed")]
    Form,
    /// It does not fit into its fixed size.
    #[error("a contact point is too long")]
    TooLong,
    /// It is of another realm, membership, number or channel than its statement says.
    #[error("a contact point is not the one its statement names")]
    Other,
}

/// How news reaches a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// An e-mail address.
    Email,
    /// A mobile phone number.
    Text,
    /// A postal address.
    Post,
}

impl Channel {
    /// As statements and files spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Text => "text",
            Self::Post => "post",
        }
    }
}

/// The language news is worded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English
    En,
    /// Welsh
    Cy,
}

/// One contact point. Zeroized when dropped; the address is never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The agency.
    pub realm: Realm,
    /// Whose it is.
    pub membership: MembershipId,
    /// The number of this contact point of the membership, from 1.
    pub n: u64,
    /// How.
    pub channel: Channel,
    /// Where.
    pub address: String,
    /// In which language.
    pub lang: Language,
    /// Days on which no news is wanted, `YYYY-MM-DD` or `MM-DD` for every year.
    pub avoid: Vec<String>,
}

impl Contact {
    /// Seals to the agency's `notifier_key`; always the same length.
    pub fn seal(&self, notifier: &X25519Recipient) -> Result<Vec<u8>, ContactError> {
        if self.n == 0 || self.address.is_empty() {
            return Err(ContactError::Form);
        }
        let line = self.line();
        if line.len() > SIZE {
            return Err(ContactError::TooLong);
        }
        let mut plaintext = Zeroizing::new(Vec::with_capacity(SIZE));
        plaintext.extend_from_slice(&line);
        plaintext.resize(SIZE, 0);
        Ok(file::seal_x25519(notifier, &plaintext))
    }

    /// Opens a contact point; the notification service. Whoever calls compares it with the
    /// verified `contact` statement by [`Contact::require`].
    pub fn open(file: &[u8], identity: &X25519Identity) -> Result<Self, ContactError> {
        let is_one = |stanzas| stanzas == Stanzas::X25519;
        let plaintext = file::open(file, is_one, &identity.to_age())?;
        let end = plaintext.iter().position(|&b| b == b'\n').ok_or(ContactError::Form)? + 1;
        let (line, padding) = plaintext.split_at(end);
        if plaintext.len() != SIZE || padding.iter().any(|&b| b != 0) {
            return Err(ContactError::Form);
        }
        let contact: Self = serde_json::from_slice(line).map_err(|_| ContactError::Form)?;
        // Written again, so that it has one spelling.
        if *contact.line() != line || contact.n == 0 || contact.address.is_empty() {
            return Err(ContactError::Form);
        }
        Ok(contact)
    }

    /// Refuses a contact point that is not the one its statement names.
    pub fn require(
        &self,
        realm: Realm,
        membership: MembershipId,
        n: u64,
        channel: &str,
    ) -> Result<(), ContactError> {
        let named = self.realm == realm && self.membership == membership && self.n == n;
        if named && self.channel.as_str() == channel { Ok(()) } else { Err(ContactError::Other) }
    }

    fn line(&self) -> Zeroizing<Vec<u8>> {
        let mut line = Zeroizing::new(Vec::with_capacity(SIZE));
        serde_json::to_writer(&mut *line, self).expect("strings and a number are JSON");
        line.push(b'\n');
        line
    }
}

/// What anybody can check without the key: one X25519 stanza and the one length.
pub fn check_form(file: &[u8]) -> Result<(), ContactError> {
    let inspected = file::require_one_x25519(file)?;
    if inspected.plaintext_len != SIZE {
        return Err(FileError::Length.into());
    }
    Ok(())
}

impl Drop for Contact {
    fn drop(&mut self) {
        self.address.zeroize();
    }
}

impl ZeroizeOnDrop for Contact {}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Contact({}, {} {})", self.membership, self.channel.as_str(), self.n)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::System;

    fn contact(address: &str) -> Contact {
        Contact {
            realm: Realm::from_bytes([1; 32]),
            membership: MembershipId::from_bytes([2; 16]),
            n: 1,
            channel: Channel::Email,
            address: address.to_owned(),
            lang: Language::Cy,
            avoid: vec!["12-25".to_owned()],
        }
    }

    #[test]
    fn every_contact_point_has_the_same_length_and_opens_for_the_notifier() {
        let notifier = X25519Identity::generate(&mut System);
        for address in ["a@example.org", "1 High Street\n“Ŵyn”\nCardiff", &"x".repeat(700)] {
            let file = contact(address).seal(&notifier.recipient()).expect("seals");
            assert_eq!(file.len(), 1224);
            assert_eq!(check_form(&file), Ok(()));
            assert_eq!(Contact::open(&file, &notifier).expect("opens"), contact(address));
        }
        let long = contact(&"x".repeat(1000)).seal(&notifier.recipient());
        assert_eq!(long, Err(ContactError::TooLong));
    }

    #[test]
    fn a_contact_point_of_somebody_else_is_refused() {
        let this = contact("a@example.org");
        let (realm, membership) = (this.realm, this.membership);
        assert_eq!(this.require(realm, membership, 1, "email"), Ok(()));
        assert_eq!(this.require(realm, membership, 2, "email"), Err(ContactError::Other));
        assert_eq!(this.require(realm, membership, 1, "post"), Err(ContactError::Other));
        let other = MembershipId::from_bytes([9; 16]);
        assert_eq!(this.require(realm, other, 1, "email"), Err(ContactError::Other));
        assert!(!format!("{this:?}").contains("example"));
    }

    #[test]
    fn a_contact_point_has_one_spelling() {
        let notifier = X25519Identity::generate(&mut System);
        let line = String::from_utf8(contact("a@b").line().to_vec()).expect("text");
        for spelling in [line.replace(":1,", ": 1,"), line.replace("\"n\":1", "\"n\":0")] {
            let mut plaintext = spelling.into_bytes();
            plaintext.resize(SIZE, 0);
            let file = file::seal_x25519(&notifier.recipient(), &plaintext);
            assert_eq!(Contact::open(&file, &notifier), Err(ContactError::Form));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_flipped_bit_is_never_accepted(at in 0usize..1224, bit in 0u8..8) {
            let notifier = X25519Identity::generate(&mut System);
            let mut file = contact("a@example.org").seal(&notifier.recipient()).expect("seals");
            file[at] ^= 1 << bit;
            prop_assert!(Contact::open(&file, &notifier).is_err());
        }
    }
}
