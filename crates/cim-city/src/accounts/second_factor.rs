//! Enrolling a second factor: a secret is proposed, and kept once a code of it was typed.

use cim_access::totp::TotpSecret;
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
        let text = secret.reveal();
        let (store, name) = (&self.inner.store, caller.name());
        if !store.set_second_factor(name, Some(text.as_str()), step, name).await.map_err(failed)? {
            return Err(CityError::NotSignedIn);
        }
        self.inner.accounts.known.forget_name(caller.name());
        Ok(())
    }
}
