//! Random secrets that are shown once: session ids and API tokens. Only their SHA-256 digests are kept.
//!
//! A plain hash is enough here: 256 random bits cannot be guessed, so there is nothing that Argon2 would slow down.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

/// The operating system had no random bytes to give.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct NoRandomness(#[source] getrandom::Error);

/// A text that is no secret of ours. It does not say why, nor what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a session id or API token: it has another shape")]
pub struct Malformed;

/// Random bytes of the operating system, in a place that is wiped after use.
pub(crate) fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(NoRandomness)?;
    Ok(bytes)
}

/// 256 random bits, written as 43 characters of URL-safe Base64: an invitation, a reset link, the core of a token.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 32]>);

/// Characters of a written secret.
const SECRET_CHARACTERS: usize = 43;

impl Secret {
    /// A new one.
    pub fn generate() -> Result<Self, NoRandomness> {
        random_bytes().map(Self)
    }

    /// Reads it; every secret has exactly one spelling.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if text.len() != SECRET_CHARACTERS {
            return Err(Malformed);
        }
        let mut decoded = Zeroizing::new([0; 33]);
        let Some(room) = decoded.get_mut(..32) else { return Err(Malformed) };
        match BASE64URL_NOPAD.decode_mut(text.as_bytes(), room) {
            Ok(32) => {}
            _ => return Err(Malformed),
        }
        let mut bytes = Zeroizing::new([0; 32]);
        bytes.copy_from_slice(room);
        Ok(Self(bytes))
    }

    /// Writes it, to be shown to its owner and to nobody else.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(self.0.as_slice()))
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> SecretDigest {
        SecretDigest(Sha256::digest(self.0.as_slice()).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(redacted)")
    }
}

/// The SHA-256 of a secret: what the database holds. Comparing two takes the same time wherever they differ.
#[derive(Clone, Copy)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    /// As it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As it is stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for SecretDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretDigest {}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretDigest(redacted)")
    }
}

/// What the cookie of a session holds.
#[derive(Debug, Clone)]
pub struct SessionId(Secret);

impl SessionId {
    /// A new one. Make one at every sign-in and at every change of role.
    pub fn generate() -> Result<Self, NoRandomness> {
        Secret::generate().map(Self)
    }

    /// Reads the value of the cookie.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Secret::parse(text).map(Self)
    }

    /// The value of the cookie.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        self.0.reveal()
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> SecretDigest {
        self.0.digest()
    }
}

/// The public part of an API token: 64 random bits as 16 hexadecimal digits, by which it is found and named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(u64);

/// Digits of a written token id.
const ID_CHARACTERS: usize = 16;

impl TokenId {
    /// Reads it; every id has exactly one spelling.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut bytes = [0; 8];
        if text.len() != ID_CHARACTERS || HEXLOWER.decode_mut(text.as_bytes(), &mut bytes).is_err() {
            return Err(Malformed);
        }
        Ok(Self(u64::from_be_bytes(bytes)))
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

/// What a program presents instead of a person: `cim_<id>_<secret>`.
#[derive(Debug, Clone)]
pub struct ApiToken {
    id: TokenId,
    secret: Secret,
}

impl ApiToken {
    /// A new one.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = random_bytes::<8>()?;
        let id = TokenId(u64::from_be_bytes(*bytes));
        bytes.zeroize();
        Ok(Self { id, secret: Secret::generate()? })
    }

    /// Reads what a request presents. The secret itself may contain `_`, so its length decides and not the separator.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let rest = text.strip_prefix("cim_").ok_or(Malformed)?;
        let (id, rest) = rest.split_at_checked(ID_CHARACTERS).ok_or(Malformed)?;
        let secret = rest.strip_prefix('_').ok_or(Malformed)?;
        Ok(Self { id: TokenId::parse(id)?, secret: Secret::parse(secret)? })
    }

    /// By what it is found.
    #[must_use]
    pub const fn id(&self) -> TokenId {
        self.id
    }

    /// What is kept of it beside the id.
    #[must_use]
    pub fn digest(&self) -> SecretDigest {
        self.secret.digest()
    }

    /// Writes it, to be shown to its owner once.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("cim_{}_{}", self.id, *self.secret.reveal()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_session_id_is_read_back_and_known_by_its_digest() {
        let id = SessionId::generate().unwrap();
        let again = SessionId::parse(&id.reveal()).unwrap();
        assert_eq!(again.digest(), id.digest());
        assert_ne!(SessionId::generate().unwrap().digest(), id.digest());
        assert_eq!(SecretDigest::from_bytes(*id.digest().as_bytes()), id.digest());
    }

    #[test]
    fn a_token_is_read_back_with_its_id() {
        let token = ApiToken::generate().unwrap();
        let written = token.reveal();
        assert_eq!(written.len(), 4 + 16 + 1 + 43);
        let again = ApiToken::parse(&written).unwrap();
        assert_eq!((again.id(), again.digest()), (token.id(), token.digest()));
        assert_eq!(TokenId::parse(&token.id().to_string()), Ok(token.id()));
    }

    #[test]
    fn a_digest_is_the_sha_256_of_the_bytes() {
        let zero = Secret::parse(&"A".repeat(43)).unwrap();
        let known = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
        assert_eq!(HEXLOWER.encode(zero.digest().as_bytes()), known);
    }

    #[test]
    fn other_shapes_are_refused() {
        let good = ApiToken::generate().unwrap().reveal();
        let spare_bits = format!("cim_{}_{}B", "0".repeat(16), "A".repeat(42));
        for text in [
            "",
            "cim_",
            "cim__",
            good.get(1..).unwrap(),
            good.get(..good.len() - 1).unwrap(),
            &format!("{}=", *good),
            &format!(" {}", *good),
            &good.to_uppercase(),
            &good.replacen("cim_", "gim_", 1),
            &format!("cim_{}_{}", "g".repeat(16), "A".repeat(43)),
            &format!("cim_{}_{}", "0".repeat(15), "A".repeat(44)),
            &format!("cim_{}{}", "海".repeat(10), "A".repeat(40)),
            &spare_bits,
        ] {
            assert_eq!(ApiToken::parse(text).unwrap_err(), Malformed, "{text}");
            assert!(SessionId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_shows_a_secret_by_accident() {
        let token = ApiToken::generate().unwrap();
        let shown = format!("{token:?} {:?} {:?}", token.digest(), SessionId(token.secret.clone()));
        assert!(!shown.contains(&*token.secret.reveal()));
        assert!(!shown.contains(&HEXLOWER.encode(token.digest().as_bytes())));
        assert_eq!(shown.matches("redacted").count(), 3);
    }

    proptest! {
        #[test]
        fn reading_is_total_and_every_token_has_one_spelling(text in ".{0,80}|cim_[0-9a-f]{16}_[A-Za-z0-9_-]{43}") {
            if let Ok(token) = ApiToken::parse(&text) {
                prop_assert_eq!(&*token.reveal(), &text);
            }
            if let Ok(id) = SessionId::parse(&text) {
                prop_assert_eq!(&*id.reveal(), &text);
            }
        }
    }
}
