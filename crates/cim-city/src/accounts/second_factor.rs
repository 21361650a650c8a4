//! Enrolling a second factor: a secret is proposed, and kept once a code of it was typed.

use cim_access::totp::{TotpSecret, UnreadableTotpSecret};
use data_encoding::BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Caller;
use crate::error::refusal;
use crate::work::failed;
use crate::{City, CityError};

/// A proposed secret, and a code of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolBody {
    /// The proposed secret, base32.
    pub secret: String,
    /// Six digits that the authenticator shows for it.
    pub code: String,
}

/// A secret to be kept by an authenticator.
#[derive(Serialize)]
pub struct EnrolAnswer {
    /// Base32, to be typed.
    pub secret: String,
    /// The same as an address that authenticators read from a picture.
    pub uri: String,
}

impl City {
    /// Proposes a secret; nothing is kept.
    pub fn propose_second_factor(&self, caller: &Caller) -> Result<EnrolAnswer, CityError> {
        let secret = TotpSecret::generate().map_err(|source| CityError::Internal {
            doing: "making of a second factor",
            source: Box::new(source),
        })?;
        Ok(EnrolAnswer {
            secret: secret.reveal().to_string(),
            uri: secret.uri("cim", caller.name()).to_string(),
        })
    }

    /// Keeps a proposed secret whose code fits.
    pub async fn enrol_second_factor(&self, caller: &Caller, body: &EnrolBody) -> Result<(), CityError> {
        let refuse = |field: &str, message: &str| Err(CityError::Refused(vec![refusal(field, "", message)]));
        let Ok(secret) = TotpSecret::from_base32(&body.secret) else {
            return refuse("secret", "this is no secret that was proposed: ask for another");
        };
        let Ok(step) = secret.accept(&body.code, Timestamp::now(), None) else {
            return refuse(
                "code",
                "the code does not fit: compare the clock of the phone and type the six digits that it shows now",
            );
        };
        let step = i64::try_from(step).ok();
        let (store, name) = (&self.inner.store, caller.name());
        let kept = self.kept_secret(name, &secret)?;
        if !store.set_second_factor(name, Some(&kept), step, name).await.map_err(failed)? {
            return Err(CityError::NotSignedIn);
        }
        self.inner.accounts.known.forget_name(caller.name());
        Ok(())
    }

    /// A secret as it is stored: sealed for the account where the server has a key, so that the database alone gives nobody a
    /// code.
    fn kept_secret(&self, name: &str, secret: &TotpSecret) -> Result<String, CityError> {
        let text = secret.reveal();
        let Some(key) = self.sealing_key() else { return Ok(text.to_string()) };
        let sealed = key.seal(&purpose(name), &text).map_err(|source| CityError::Internal {
            doing: "sealing of a second factor",
            source: Box::new(source),
        })?;
        Ok(format!("{SEALED}{}", BASE64.encode(&sealed)))
    }

    /// The secret that is stored of an account; one that was stored before there was a key is read as it is.
    pub(super) fn stored_secret(&self, name: &str, stored: &str) -> Result<TotpSecret, CityError> {
        let unreadable = || CityError::Internal {
            doing: "reading of a second factor, whose key is the file personal-key of the home that enrolled it,",
            source: Box::new(UnreadableTotpSecret),
        };
        let Some(sealed) = stored.strip_prefix(SEALED) else {
            return TotpSecret::from_base32(stored).map_err(|_unreadable| unreadable());
        };
        let sealed = BASE64.decode(sealed.as_bytes()).ok();
        let opened =
            sealed.zip(self.sealing_key()).and_then(|(sealed, key)| key.open(&purpose(name), &sealed).ok());
        opened.and_then(|text| TotpSecret::from_base32(&text).ok()).ok_or_else(unreadable)
    }
}

/// Stands before what is sealed, which Base32 never does.
const SEALED: &str = "sealed:";

fn purpose(name: &str) -> String {
    format!("second factor of {name}")
}
