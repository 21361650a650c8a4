//! Entrances for fuzzing: any bytes in the place of a token, a session, a second factor, a stored hash or a public key.

use jiff::Timestamp;

use crate::checkpoint::CheckpointVerifier;
use crate::password::PasswordHash;
use crate::secret::{ApiToken, SessionId, TokenId};
use crate::totp::TotpSecret;

/// A name and what takes any bytes under it.
type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub const TARGETS: &[Target] = &[("credentials", credentials)];

/// What somebody presents, or what the database holds of it. Each has one spelling.
pub fn credentials(bytes: &[u8]) {
    if let Some(key) = bytes.first_chunk::<32>()
        && let Ok(verifier) = CheckpointVerifier::from_bytes(key)
    {
        assert_eq!(verifier.to_bytes(), *key);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(token) = ApiToken::parse(&text) {
        assert_eq!(*token.reveal(), text);
    }
    if let Ok(id) = TokenId::parse(&text) {
        assert_eq!(id.to_string(), text);
    }
    if let Ok(session) = SessionId::parse(&text) {
        assert_eq!(*session.reveal(), text);
    }
    if let Ok(hash) = PasswordHash::from_stored(&text) {
        assert_eq!(hash.as_str(), text);
    }
    let (secret, code) = text.split_once(' ').unwrap_or((&text, ""));
    if let Ok(secret) = TotpSecret::from_base32(secret) {
        for at in [Timestamp::UNIX_EPOCH, Timestamp::MIN, Timestamp::MAX] {
            let _ = secret.accept(code, at, Some(u64::MAX));
        }
        let _ = secret.uri(code, code);
    }
}
