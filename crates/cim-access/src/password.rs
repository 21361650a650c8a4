//! Passwords: what may be chosen, how it is kept, and how one is checked.
//!
//! Drawbacks: hashing takes about 60 ms and 46 MiB. Callers hash on a blocking thread and let few do so at once, or a
//! flood of sign-ins is a denial of service. Passwords are compared as they were typed, without normalisation.

use std::fmt;
use std::sync::LazyLock;

use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::secret::{NoRandomness, random_bytes};

/// Fewest characters of a password.
pub const FEWEST_CHARACTERS: usize = 10;
/// Most characters of a password.
pub const MOST_CHARACTERS: usize = 128;

/// The strength is judged by so many characters, which is ample: for 100 hand-picked ones zxcvbn takes two seconds.
const JUDGED_CHARACTERS: usize = 40;

/// 46 MiB in one pass on one lane: the first of the settings that OWASP holds to be equally strong.
const PARAMS: Params = match Params::new(46 * 1024, 1, 1, Some(32)) {
    Ok(params) => params,
    Err(_) => unreachable!(),
};

/// A hash with today's settings that no password has: its bytes were made up.
const NOBODY: &str =
    "$argon2id$v=19$m=47104,t=1,p=1$Y2ltLWFjY2Vzcy1ub2JvZA$q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";

/// What somebody typed. It is wiped when it is dropped, and no log can show it.
pub struct Password(Zeroizing<String>);

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`FEWEST_CHARACTERS`] characters.
    #[error("the password is too short: use {FEWEST_CHARACTERS} characters or more")]
    TooShort,
    /// More than [`MOST_CHARACTERS`] characters.
    #[error("the password is too long: use {MOST_CHARACTERS} characters or fewer")]
    TooLong,
    /// It contains the name of the account, in whatever case.
    #[error("the password contains the user name: leave it out")]
    ContainsUserName,
    /// It would be guessed soon: a known password, a date, a row of keys.
    #[error("the password is easily guessed: use several unrelated words")]
    EasilyGuessed,
}

impl Password {
    /// Takes over what was typed.
    #[must_use]
    pub fn typed(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Checks it as the new password of an account. `local_words` are what everybody here would try first, such as the
    /// name of the city.
    ///
    /// The strength is that of zxcvbn, 3 of 4 or better: more than 10^8 guesses.
    pub fn chosen_for(self, user_name: &str, local_words: &[&str]) -> Result<NewPassword, PasswordFault> {
        let characters = self.0.chars().count();
        if characters < FEWEST_CHARACTERS {
            return Err(PasswordFault::TooShort);
        }
        if characters > MOST_CHARACTERS {
            return Err(PasswordFault::TooLong);
        }
        // One character would rule out half of all passwords and protect nobody.
        let is_a_name = user_name.chars().nth(1).is_some();
        if is_a_name && Zeroizing::new(self.0.to_lowercase()).contains(&user_name.to_lowercase()) {
            return Err(PasswordFault::ContainsUserName);
        }
        let known: Vec<&str> = [user_name].into_iter().chain(local_words.iter().copied()).collect();
        let opening = Zeroizing::new(self.0.chars().take(JUDGED_CHARACTERS).collect::<String>());
        if zxcvbn::zxcvbn(&opening, &known).score() < zxcvbn::Score::Three {
            return Err(PasswordFault::EasilyGuessed);
        }
        Ok(NewPassword(self))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(redacted)")
    }
}

/// A password that passed the rules: only such a one is ever hashed to be kept.
#[derive(Debug)]
pub struct NewPassword(Password);

/// Why no hash could be made.
#[derive(Debug, thiserror::Error)]
pub enum HashFault {
    /// No salt.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Argon2 refused, which it does for want of memory.
    #[error("the password could not be hashed")]
    Argon2(#[source] password_hash::Error),
}

impl NewPassword {
    /// Hashes it under a new salt. Slow on purpose.
    pub fn hash(&self) -> Result<PasswordHash, HashFault> {
        hash_of(&self.0)
    }
}

fn hash_of(password: &Password) -> Result<PasswordHash, HashFault> {
    let salt = random_bytes::<16>()?;
    let hash = argon2()
        .hash_password_with_salt(password.0.as_bytes(), salt.as_slice())
        .map_err(HashFault::Argon2)?;
    Ok(PasswordHash { text: hash.to_string(), parsed: hash })
}

/// An Argon2id hash: what is kept of a password, as a PHC string.
#[derive(Clone)]
pub struct PasswordHash {
    text: String,
    parsed: phc::PasswordHash,
}

/// A stored text that is no Argon2 hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored password hash is not readable: reset the password of the account")]
pub struct UnreadableHash;

impl PasswordHash {
    /// As it was stored.
    pub fn from_stored(text: &str) -> Result<Self, UnreadableHash> {
        // The parser's reason may quote the hash.
        let parsed = phc::PasswordHash::new(text).ok().ok_or(UnreadableHash)?;
        let readable = Algorithm::try_from(parsed.algorithm.as_str()).is_ok()
            && Params::try_from(&parsed).is_ok()
            && parsed.salt.is_some()
            && parsed.hash.is_some();
        if readable { Ok(Self { text: text.to_owned(), parsed }) } else { Err(UnreadableHash) }
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it was made with other settings than today's, so that it is to be made anew at the next sign-in.
    #[must_use]
    pub fn needs_rehash(&self) -> bool {
        let settings = Params::try_from(&self.parsed)
            .map(|params| (params.m_cost(), params.t_cost(), params.p_cost(), params.output_len()));
        let todays = (PARAMS.m_cost(), PARAMS.t_cost(), PARAMS.p_cost(), PARAMS.output_len());
        self.parsed.algorithm.as_str() != Algorithm::Argon2id.as_str()
            || self.parsed.version != Some(Version::V0x13.into())
            || settings != Ok(todays)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PasswordHash(redacted)")
    }
}

/// Whether the password is the one that was hashed. Takes the time of one hash, whatever the answer.
#[must_use]
pub fn verify(hash: &PasswordHash, password: &Password) -> bool {
    argon2().verify_password(password.0.as_bytes(), &hash.parsed).is_ok()
}

/// The same password under today's settings, where it fits a hash that was made under others; slow on purpose. A password
/// that was chosen under other rules stays good.
pub fn renewed(hash: &PasswordHash, password: &Password) -> Result<Option<PasswordHash>, HashFault> {
    if hash.needs_rehash() && verify(hash, password) { hash_of(password).map(Some) } else { Ok(None) }
}

/// The hash to verify against where the name is unknown, so that the answer takes as long as for a known one.
#[must_use]
pub fn dummy_hash() -> &'static PasswordHash {
    static HASH: LazyLock<Option<PasswordHash>> = LazyLock::new(|| PasswordHash::from_stored(NOBODY).ok());
    match &*HASH {
        Some(hash) => hash,
        None => unreachable!(),
    }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "walnut-harbour-lantern-7";

    fn chosen(text: &str) -> Result<NewPassword, PasswordFault> {
        Password::typed(text.to_owned()).chosen_for("wang.fang", &["haimen"])
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hash = chosen(GOOD).unwrap().hash().unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
        let stored = PasswordHash::from_stored(hash.as_str()).unwrap();
        assert!(verify(&stored, &Password::typed(GOOD.to_owned())));
        assert!(!verify(&stored, &Password::typed(GOOD.to_uppercase())));
        assert!(!verify(&stored, &Password::typed(String::new())));
        assert!(!stored.needs_rehash());
        assert_ne!(chosen(GOOD).unwrap().hash().unwrap().as_str(), hash.as_str(), "the salt differs");
    }

    #[test]
    fn the_rules_say_which_of_them_a_password_breaks() {
        for (text, fault) in [
            ("", PasswordFault::TooShort),
            ("k7#Qz!9xW", PasswordFault::TooShort),
            (&"walnut harbour ".repeat(9), PasswordFault::TooLong),
            ("walnut-WANG.Fang-lantern", PasswordFault::ContainsUserName),
            ("password123", PasswordFault::EasilyGuessed),
            ("1234567890", PasswordFault::EasilyGuessed),
            ("aaaaaaaaaaaaaaaa", PasswordFault::EasilyGuessed),
            ("qwertyuiop", PasswordFault::EasilyGuessed),
            ("Haimen2026", PasswordFault::EasilyGuessed),
        ] {
            assert_eq!(chosen(text).unwrap_err(), fault, "{text}");
        }
    }

    #[test]
    fn characters_are_counted_not_bytes_and_any_script_will_do() {
        assert_eq!(chosen("海门港的灯塔亮").unwrap_err(), PasswordFault::TooShort);
        assert!(chosen("海门港的灯塔今夜很亮啊").is_ok());
        let longest: String = GOOD.chars().cycle().take(MOST_CHARACTERS).collect();
        assert!(chosen(&longest).is_ok());
        assert_eq!(chosen(&format!("{longest}x")).unwrap_err(), PasswordFault::TooLong);
    }

    #[test]
    fn a_name_of_one_character_rules_nothing_out() {
        assert!(Password::typed(GOOD.to_owned()).chosen_for("a", &[]).is_ok());
        assert!(Password::typed(GOOD.to_owned()).chosen_for("", &[]).is_ok());
    }

    #[test]
    fn an_unknown_name_costs_what_a_known_one_costs() {
        let real = chosen(GOOD).unwrap().hash().unwrap();
        let dummy = dummy_hash();
        assert_eq!(Params::try_from(&dummy.parsed), Params::try_from(&real.parsed));
        assert_eq!(dummy.as_str().len(), real.as_str().len());
        assert!(!dummy.needs_rehash());
        assert!(!verify(dummy, &Password::typed(GOOD.to_owned())));
    }

    #[test]
    fn weaker_settings_are_noticed() {
        for (algorithm, version, cost) in [
            (Algorithm::Argon2id, Version::V0x13, 19 * 1024),
            (Algorithm::Argon2i, Version::V0x13, 46 * 1024),
            (Algorithm::Argon2id, Version::V0x10, 46 * 1024),
        ] {
            let weaker = Argon2::new(algorithm, version, Params::new(cost, 1, 1, Some(32)).unwrap());
            let hash = weaker.hash_password_with_salt(GOOD.as_bytes(), b"0123456789abcdef").unwrap();
            let stored = PasswordHash::from_stored(&hash.to_string()).unwrap();
            assert!(stored.needs_rehash());
            let typed = Password::typed(GOOD.to_owned());
            assert!(verify(&stored, &typed), "still good for one more sign-in");
            let today = renewed(&stored, &typed).unwrap().unwrap();
            assert!(!today.needs_rehash() && verify(&today, &typed));
            assert!(renewed(&stored, &Password::typed("another".to_owned())).unwrap().is_none());
            assert!(renewed(&today, &typed).unwrap().is_none());
        }
    }

    #[test]
    fn what_is_no_hash_is_refused_when_it_is_read() {
        for text in ["", "secret", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=47104,t=1,p=1"] {
            assert_eq!(PasswordHash::from_stored(text).unwrap_err(), UnreadableHash, "{text}");
        }
    }

    #[test]
    fn nothing_shows_a_password_by_accident() {
        let typed = Password::typed(GOOD.to_owned());
        assert_eq!(format!("{typed:?}"), "Password(redacted)");
        let new = typed.chosen_for("wang.fang", &["haimen"]).unwrap();
        assert_eq!(
            format!("{new:?} {:?}", dummy_hash()),
            "NewPassword(Password(redacted)) PasswordHash(redacted)"
        );
    }
}
