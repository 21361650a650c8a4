//! Signed checkpoints of the audit log: kept elsewhere, they show when the whole chain was written anew.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::audit_chain::Head;
use crate::secret::{NoRandomness, random_bytes};

/// Where the log of a database stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which life of the database: another one after a restore.
    pub epoch: String,
    /// The last row then.
    pub head: Head,
}

impl Checkpoint {
    /// What is signed: a name of the encoding, and a length before the text.
    fn message(&self) -> Vec<u8> {
        let mut message = b"cim audit checkpoint 1\n".to_vec();
        message.extend_from_slice(&(self.epoch.len() as u64).to_be_bytes());
        message.extend_from_slice(self.epoch.as_bytes());
        message.extend_from_slice(&self.head.seq.to_be_bytes());
        message.extend_from_slice(self.head.hash.as_bytes());
        message
    }
}

/// A checkpoint with its Ed25519 signature. It says nothing until [`CheckpointVerifier::verify`] has read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What is said.
    pub checkpoint: Checkpoint,
    /// By whom.
    pub signature: [u8; 64],
}

/// A signature that was made by another key, or over something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint was not signed by this key")]
pub struct ForgedCheckpoint;

/// Bytes that are no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 public key")]
pub struct UnreadableKey;

/// The key that signs. It belongs on another machine than the database.
pub struct CheckpointSigner(SigningKey);

impl CheckpointSigner {
    /// A new one.
    pub fn generate() -> Result<Self, NoRandomness> {
        random_bytes().map(|seed| Self::from_seed(&seed))
    }

    /// The key of 32 secret bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The 32 secret bytes, to be written to the key file and nowhere else.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> CheckpointVerifier {
        CheckpointVerifier(self.0.verifying_key())
    }

    /// Signs.
    #[must_use]
    pub fn sign(&self, checkpoint: Checkpoint) -> SignedCheckpoint {
        let signature = self.0.sign(&checkpoint.message()).to_bytes();
        SignedCheckpoint { checkpoint, signature }
    }
}

impl fmt::Debug for CheckpointSigner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CheckpointSigner(redacted)")
    }
}

/// The public half of the key, for whoever checks the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointVerifier(VerifyingKey);

impl CheckpointVerifier {
    /// The public key of 32 bytes. Weak ones, under which many messages share a signature, are refused.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, UnreadableKey> {
        let key = VerifyingKey::from_bytes(bytes).ok().filter(|key| !key.is_weak());
        key.map(Self).ok_or(UnreadableKey)
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// What the signed checkpoint says, if this key signed it.
    pub fn verify<'a>(&self, signed: &'a SignedCheckpoint) -> Result<&'a Checkpoint, ForgedCheckpoint> {
        let signature = Signature::from_bytes(&signed.signature);
        let genuine = self.0.verify_strict(&signed.checkpoint.message(), &signature).is_ok();
        if genuine { Ok(&signed.checkpoint) } else { Err(ForgedCheckpoint) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit_chain::RowHash;

    fn signed() -> (CheckpointVerifier, SignedCheckpoint) {
        let signer = CheckpointSigner::from_seed(&[7; 32]);
        let head = Head { seq: 10_000, hash: RowHash::from_bytes([3; 32]) };
        (signer.verifier(), signer.sign(Checkpoint { epoch: "e1".to_owned(), head }))
    }

    #[test]
    fn a_signature_is_that_of_its_key_alone() {
        let (verifier, signed) = signed();
        assert_eq!(verifier.verify(&signed), Ok(&signed.checkpoint));
        let other = CheckpointSigner::generate().unwrap();
        assert_eq!(other.verifier().verify(&signed), Err(ForgedCheckpoint));
        let again = CheckpointSigner::from_seed(&other.reveal());
        assert_eq!(again.verifier(), other.verifier());
        assert_eq!(CheckpointVerifier::from_bytes(&verifier.to_bytes()), Ok(verifier));
    }

    #[test]
    fn no_part_of_a_checkpoint_can_be_changed() {
        let (verifier, signed) = signed();
        let mut changed = [signed.clone(), signed.clone(), signed.clone(), signed.clone(), signed];
        changed[0].checkpoint.epoch.push('0');
        changed[1].checkpoint.head.seq += 1;
        changed[2].checkpoint.head.hash = RowHash::from_bytes([4; 32]);
        changed[3].signature[0] ^= 1;
        changed[4].signature[63] ^= 0x80;
        for (place, forged) in changed.iter().enumerate() {
            assert_eq!(verifier.verify(forged), Err(ForgedCheckpoint), "{place}");
        }
    }

    #[test]
    fn a_weak_key_is_refused_and_a_signer_never_shown() {
        assert_eq!(CheckpointVerifier::from_bytes(&[0; 32]), Err(UnreadableKey));
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(CheckpointVerifier::from_bytes(&identity), Err(UnreadableKey));
        assert_eq!(format!("{:?}", CheckpointSigner::from_seed(&[7; 32])), "CheckpointSigner(redacted)");
    }
}
