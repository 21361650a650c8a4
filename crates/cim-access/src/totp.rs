//! The second factor: six digits that change every 30 seconds, RFC 6238 with SHA-1 as every app on a phone has it.

use std::fmt;
use std::fmt::Write as _;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::secret::{NoRandomness, random_bytes};

/// Seconds for which a code is shown.
pub const STEP_SECONDS: i64 = 30;
/// Steps before and after the present one that are accepted, for clocks that are not quite right.
const WINDOW: u64 = 1;
const CODES: u32 = 1_000_000;

/// The number of 30-second steps since 1970.
pub type Step = u64;

/// What the server and a phone share.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<[u8; 20]>);

/// A text that is no secret of 160 bits in Base32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored second factor is not readable: reset it")]
pub struct UnreadableTotpSecret;

/// Why a code is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TotpFault {
    /// Not six digits.
    #[error("the code must be six digits")]
    NotSixDigits,
    /// Not a code of this minute.
    #[error("the code is wrong or too old: use the one that is shown now")]
    Wrong,
    /// A code that was accepted before, or one before that.
    #[error("the code was used already: wait for the next one")]
    Used,
}

impl TotpSecret {
    /// A new one.
    pub fn generate() -> Result<Self, NoRandomness> {
        random_bytes().map(Self)
    }

    /// Reads what [`TotpSecret::reveal`] wrote.
    pub fn from_base32(text: &str) -> Result<Self, UnreadableTotpSecret> {
        let mut bytes = Zeroizing::new([0; 20]);
        if text.len() != 32 || BASE32_NOPAD.decode_mut(text.as_bytes(), bytes.as_mut_slice()).is_err() {
            return Err(UnreadableTotpSecret);
        }
        Ok(Self(bytes))
    }

    /// Writes it in Base32, to be typed into a phone or to be stored encrypted.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.0.as_slice()))
    }

    /// The text of the square that a phone photographs.
    #[must_use]
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account) = (percent_encoded(issuer), percent_encoded(account));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            *self.reveal()
        ))
    }

    /// Checks a code and says which step it belongs to. The caller stores the step and hands it in the next time, so
    /// that no code, nor an older one, is accepted twice.
    ///
    /// Every step of the window is worked out whatever the code is.
    pub fn accept(&self, code: &str, at: Timestamp, last_accepted: Option<Step>) -> Result<Step, TotpFault> {
        let code = six_digits(code).ok_or(TotpFault::NotSixDigits)?;
        let now = u64::try_from(at.as_second().div_euclid(STEP_SECONDS)).ok().ok_or(TotpFault::Wrong)?;
        let mut found = Choice::from(0);
        let mut accepted = 0;
        for step in now.saturating_sub(WINDOW)..=now + WINDOW {
            let same = self.code_of(step).ct_eq(&code);
            accepted = u64::conditional_select(&accepted, &step, same);
            found |= same;
        }
        if !bool::from(found) {
            return Err(TotpFault::Wrong);
        }
        if last_accepted.is_some_and(|last| accepted <= last) {
            return Err(TotpFault::Used);
        }
        Ok(accepted)
    }

    /// The code of a step: RFC 4226.
    fn code_of(&self, step: Step) -> u32 {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.0.as_slice()) else { unreachable!() };
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest[19] & 0x0f);
        let picked = [digest[offset], digest[offset + 1], digest[offset + 2], digest[offset + 3]];
        (u32::from_be_bytes(picked) & 0x7fff_ffff) % CODES
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TotpSecret(redacted)")
    }
}

fn six_digits(code: &str) -> Option<u32> {
    let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if digits { code.parse().ok() } else { None }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret(Zeroizing::new(*b"12345678901234567890"))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn code(step: Step) -> String {
        format!("{:06}", secret().code_of(step))
    }

    #[test]
    fn codes_are_those_of_appendix_b_of_rfc_6238() {
        for (second, eight_digits) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            assert_eq!(secret().code_of(second / 30), eight_digits % CODES, "{second}");
        }
    }

    #[test]
    fn codes_are_those_of_appendix_d_of_rfc_4226() {
        let known =
            [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
        for (step, code) in (0..).zip(known) {
            assert_eq!(secret().code_of(step), code, "{step}");
        }
    }

    #[test]
    fn the_step_before_the_present_and_the_next_are_accepted_and_no_other() {
        let now: Step = 37_037_036;
        let when = at(1_111_111_109);
        for step in now - 3..=now + 3 {
            let expected = if step.abs_diff(now) <= 1 { Ok(step) } else { Err(TotpFault::Wrong) };
            assert_eq!(secret().accept(&code(step), when, None), expected, "{step}");
        }
    }

    #[test]
    fn a_code_is_accepted_once_and_no_older_one_after_it() {
        let (now, when) = (37_037_036, at(1_111_111_109));
        assert_eq!(secret().accept(&code(now), when, Some(now - 1)), Ok(now));
        assert_eq!(secret().accept(&code(now), when, Some(now)), Err(TotpFault::Used));
        assert_eq!(secret().accept(&code(now - 1), when, Some(now)), Err(TotpFault::Used));
        assert_eq!(secret().accept(&code(now + 1), when, Some(now)), Ok(now + 1));
        assert_eq!(secret().accept("000000", when, Some(now)), Err(TotpFault::Wrong));
    }

    #[test]
    fn only_six_digits_are_a_code_and_a_clock_before_1970_accepts_none() {
        for text in ["", "12345", "1234567", "12 456", "+12345", "12345a", "１２３４５６", "二二"] {
            assert_eq!(secret().accept(text, at(59), None), Err(TotpFault::NotSixDigits), "{text}");
        }
        assert_eq!(secret().accept("755224", at(-1), None), Err(TotpFault::Wrong));
        assert_eq!(secret().accept("755224", at(0), None), Ok(0));
        assert!(secret().accept("755224", Timestamp::MAX, None).is_err());
        assert!(secret().accept("755224", Timestamp::MIN, None).is_err());
    }

    #[test]
    fn a_phone_is_told_everything_it_must_know() {
        assert_eq!(
            *secret().uri("海门 cim", "wang&fang"),
            "otpauth://totp/%E6%B5%B7%E9%97%A8%20cim:wang%26fang?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E6%B5%B7%E9%97%A8%20cim&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn a_secret_is_read_back_and_never_shown_by_accident() {
        let new = TotpSecret::generate().unwrap();
        assert_eq!(*TotpSecret::from_base32(&new.reveal()).unwrap().0, *new.0);
        assert_eq!(format!("{new:?}"), "TotpSecret(redacted)");
        for text in ["", "GEZDGNBV", &new.reveal().to_lowercase(), &"1".repeat(32), &"A".repeat(40)] {
            assert_eq!(TotpSecret::from_base32(text).unwrap_err(), UnreadableTotpSecret, "{text}");
        }
    }
}
