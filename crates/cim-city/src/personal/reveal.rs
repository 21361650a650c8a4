//! Seeing who is behind a case: with a reason, one case at a time, and never without a row in the audit log.

use cim_access::Scope;
use cim_model::Collection;
use cim_store::{Disclosure, PersonField, StoredField};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::intake::phone_digest;
use super::purpose;
use crate::work::{failed, text_of};
use crate::{Caller, City, CityError, refusal};

/// A reason is a sentence.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 4..=200;
/// However a number is written, it is not longer, and has a digit.
const PHONE_CHARS: std::ops::RangeInclusive<usize> = 3..=40;
/// The most cases of one telephone number that are told.
const MOST_CASES: i64 = 200;

/// Why somebody must be known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevealBody {
    /// A sentence, kept in the audit log.
    pub reason: String,
}

/// The person behind a case, and its texts as they were spoken.
#[derive(Serialize)]
pub struct RevealedPerson {
    /// The case.
    pub case_no: String,
    /// Who called.
    pub name: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Where they live.
    pub address: Option<String>,
    /// The title before it was masked; none where nothing was.
    pub title: Option<String>,
    /// The text before it was masked; none where nothing was.
    pub content: Option<String>,
    /// The words about the place before they were masked; none where nothing was.
    pub raw_location: Option<String>,
}

/// A telephone number whose cases are wanted. In a body, because addresses end in logs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneBody {
    /// The number, however it is written.
    pub phone: String,
    /// A sentence, kept in the audit log.
    pub reason: String,
}

/// The cases of a telephone number that the caller sees.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CasesOfPhone {
    /// The latest first.
    pub case_nos: Vec<String>,
}

impl City {
    /// Who is behind a case.
    pub async fn reveal_person(
        &self,
        scope: &Scope,
        caller: &Caller,
        case_no: &str,
        body: &RevealBody,
    ) -> Result<RevealedPerson, CityError> {
        let reason = reason(&body.reason)?;
        let row = self.find_thing(scope, Collection::Case, case_no).await?;
        let text = |name: &str| text_of(Collection::Case, &row.record, name).unwrap_or_default();
        let (system, no) = (text("source_system"), text("source_no"));
        let detail = json!({ "reason": reason });
        let why =
            Disclosure { actor: caller.name(), action: "reveal_person", subject: case_no, detail: &detail };
        let fields = self.inner.store.disclose_person(row.id, why).await.map_err(failed)?;
        let mut revealed = RevealedPerson {
            case_no: case_no.to_owned(),
            name: None,
            phone: None,
            address: None,
            title: None,
            content: None,
            raw_location: None,
        };
        for field in fields {
            let place = match field.field {
                PersonField::Name => &mut revealed.name,
                PersonField::Phone => &mut revealed.phone,
                PersonField::Address => &mut revealed.address,
                PersonField::Title => &mut revealed.title,
                PersonField::Content => &mut revealed.content,
                PersonField::RawLocation => &mut revealed.raw_location,
            };
            *place = Some(self.opened(&purpose(&system, &no, field.field), &field)?);
        }
        Ok(revealed)
    }

    /// The cases of a telephone number, as far as the scope shows them.
    pub async fn cases_of_phone(
        &self,
        scope: &Scope,
        caller: &Caller,
        body: &PhoneBody,
    ) -> Result<CasesOfPhone, CityError> {
        let (reason, phone) = (reason(&body.reason)?, phone(&body.phone)?);
        let key = self.sealing_key().ok_or_else(no_key)?;
        let masked = cim_access::masking::phone(phone);
        let detail = json!({ "reason": reason });
        let why =
            Disclosure { actor: caller.name(), action: "search_by_phone", subject: &masked, detail: &detail };
        let store = &self.inner.store;
        let ids = store.cases_of_phone(&phone_digest(key, phone), MOST_CASES, why).await.map_err(failed)?;
        let rows = store.rows(Collection::Case, &ids).await.map_err(failed)?;
        let mut seen = Vec::with_capacity(rows.len());
        for row in rows {
            if self.sees(scope, Collection::Case, &row.record)? {
                seen.push((row.id, text_of(Collection::Case, &row.record, "case_no").unwrap_or_default()));
            }
        }
        seen.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        Ok(CasesOfPhone { case_nos: seen.into_iter().map(|(_, case_no)| case_no).collect() })
    }

    fn opened(&self, purpose: &str, field: &StoredField) -> Result<String, CityError> {
        let key = self.sealing_key().ok_or_else(no_key)?;
        let opened = key.open(purpose, &field.sealed);
        opened.map(|text| text.to_string()).map_err(|source| CityError::Internal {
            doing: "opening of sealed personal data, whose key is the file personal-key of the home that wrote them,",
            source: Box::new(source),
        })
    }
}

fn no_key() -> CityError {
    CityError::NotFound { what: "key of personal data", name: "personal-key".to_owned() }
}

fn phone(given: &str) -> Result<&str, CityError> {
    if PHONE_CHARS.contains(&given.chars().count()) && given.chars().any(char::is_numeric) {
        return Ok(given);
    }
    let (least, most) = (PHONE_CHARS.start(), PHONE_CHARS.end());
    let message = format!("a telephone number has {least} to {most} characters, digits among them");
    Err(CityError::Refused(vec![refusal("phone", "", &message)]))
}

fn reason(given: &str) -> Result<&str, CityError> {
    let reason = given.trim();
    if REASON_CHARS.contains(&reason.chars().count()) {
        return Ok(reason);
    }
    let (least, most) = (REASON_CHARS.start(), REASON_CHARS.end());
    let message = format!("say in {least} to {most} characters why this person has to be known");
    Err(CityError::Refused(vec![refusal("reason", "", &message)]))
}

#[cfg(test)]
mod tests {
    use super::phone;

    #[test]
    fn a_telephone_number_has_digits_and_an_end() {
        assert!(phone("+86 513-8222 0000").is_ok() && phone("１１０").is_ok());
        for bad in ["", "12", "a\0b", "unknown", &"0".repeat(41)] {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }
}
