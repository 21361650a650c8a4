//! Sealing of what nobody may read from the database alone: XChaCha20-Poly1305 under a key that the database never holds.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::secret::{NoRandomness, random_bytes};

const NONCE_BYTES: usize = 24;

/// The key of a home: seals, opens, and makes digests by which an exact value is found again.
pub struct SealingKey {
    seed: Zeroizing<[u8; 32]>,
    cipher: XChaCha20Poly1305,
    digests: Zeroizing<[u8; 32]>,
}

/// Names a key without telling anything of it: stands beside what it sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 8]);

/// Bytes that this key did not seal for this purpose, or that were changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value was sealed under another key, or was changed since")]
pub struct CannotOpen;

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum CannotSeal {
    /// The system gave no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The text is longer than the cipher takes.
    #[error("the value is too long to be sealed")]
    TooLong,
}

impl SealingKey {
    /// A new one.
    pub fn generate() -> Result<Self, NoRandomness> {
        random_bytes().map(|seed| Self::from_seed(&seed))
    }

    /// The key of 32 secret bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let cipher = XChaCha20Poly1305::new(&derived(seed, "cim seal 1").into());
        Self { seed: Zeroizing::new(*seed), cipher, digests: Zeroizing::new(derived(seed, "cim digest 1")) }
    }

    /// The 32 secret bytes, to be written to the key file and nowhere else.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<[u8; 32]> {
        self.seed.clone()
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let whole = derived(&self.seed, "cim key id 1");
        KeyId(whole.first_chunk().copied().unwrap_or_default())
    }

    /// Seals a text for one purpose, for example one field of one case: it opens for no other. 40 bytes longer than the text.
    pub fn seal(&self, purpose: &str, text: &str) -> Result<Vec<u8>, CannotSeal> {
        let nonce = random_bytes::<NONCE_BYTES>()?;
        let payload = Payload { msg: text.as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(*nonce), payload).ok().ok_or(CannotSeal::TooLong)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`SealingKey::seal`] sealed for the same purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<String>, CannotOpen> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(CannotOpen)?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), payload).ok().ok_or(CannotOpen)?;
        String::from_utf8(plain).map(Zeroizing::new).ok().ok_or(CannotOpen)
    }

    /// HMAC-SHA256 of a text for one purpose: equal for equal texts, and says nothing of them to who has not the key.
    #[must_use]
    pub fn digest(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut mac = mac(&self.digests);
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SealingKey({})", self.id())
    }
}

impl KeyId {
    /// The 8 bytes as they are stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

fn derived(seed: &[u8; 32], label: &str) -> [u8; 32] {
    let mut mac = mac(seed);
    mac.update(label.as_bytes());
    mac.finalize().into_bytes().into()
}

fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        Err(_length) => unreachable!("HMAC takes keys of every length"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SealingKey {
        SealingKey::from_seed(&[7; 32])
    }

    #[test]
    fn what_was_sealed_opens_for_its_purpose_and_for_no_other() {
        let sealed = key().seal("case 1 name", "王小明").unwrap();
        assert_eq!(key().open("case 1 name", &sealed).unwrap().as_str(), "王小明");
        assert_eq!(key().open("case 2 name", &sealed), Err(CannotOpen));
        assert_eq!(SealingKey::from_seed(&[8; 32]).open("case 1 name", &sealed), Err(CannotOpen));
    }

    #[test]
    fn whatever_was_changed_or_cut_off_does_not_open() {
        let sealed = key().seal("p", "13800138000").unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(key().open("p", &changed), Err(CannotOpen), "{place}");
            assert_eq!(key().open("p", &sealed[..place]), Err(CannotOpen), "{place}");
        }
    }

    #[test]
    fn the_same_text_is_sealed_differently_every_time_and_shows_nothing_of_itself() {
        let text = "13800138000";
        let (one, two) = (key().seal("p", text).unwrap(), key().seal("p", text).unwrap());
        assert_ne!(one, two);
        assert!(!one.windows(text.len()).any(|part| part == text.as_bytes()));
    }

    #[test]
    fn digests_are_equal_for_equal_texts_of_one_purpose_and_key() {
        let digest = key().digest("phone", "13800138000");
        assert_eq!(digest, key().digest("phone", "13800138000"));
        assert_ne!(digest, key().digest("phone", "13800138001"));
        assert_ne!(digest, key().digest("other", "13800138000"));
        assert_ne!(digest, SealingKey::from_seed(&[8; 32]).digest("phone", "13800138000"));
    }

    #[test]
    fn a_key_names_itself_without_showing_itself() {
        assert_eq!(key().id(), SealingKey::from_seed(&key().reveal()).id());
        assert_ne!(key().id().as_bytes(), &[7; 8]);
        assert_eq!(format!("{:?}", key()), format!("SealingKey({})", key().id()));
    }
}
