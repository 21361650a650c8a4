//! Taking the person out of a case: the caller is sealed, and texts are masked where they name somebody.

use cim_access::masking;
use cim_access::sealing::SealingKey;
use cim_model::{Collection, Finding, Record};
use cim_store::{GivenField, PersonField, SealedValue};
use serde_json::{Map, Value as Json};

use super::purpose;
use super::reporter::{Reporter, Said};
use crate::work::text_of;
use crate::{City, refusal};

const NO_KEY: &str = "this server keeps no personal data, because it has no key to seal them with: leave `reporter` out, or \
                      serve with `cim up` or `cim serve`, which make one";

impl City {
    /// Takes what is personal out of the object of a case, and masks its texts. Of other things nothing.
    pub(crate) fn take_personal(
        &self,
        collection: Collection,
        object: &mut Map<String, Json>,
    ) -> Result<Vec<GivenField>, Vec<Finding>> {
        if collection != Collection::Case {
            return Ok(Vec::new());
        }
        let reporter = Reporter::take(object)?;
        let text = |name: &str| object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let case = Case { system: text("source_system"), no: text("source_no"), key: self.sealing_key() };
        case.take(&reporter, object)
    }

    /// Takes what is personal out of fields of a case that is stored.
    pub(crate) fn take_personal_of(
        &self,
        case: &Record,
        object: &mut Map<String, Json>,
    ) -> Result<Vec<GivenField>, Vec<Finding>> {
        let reporter = Reporter::take(object)?;
        let text = |name: &str| text_of(Collection::Case, case, name).unwrap_or_default();
        let case = Case { system: text("source_system"), no: text("source_no"), key: self.sealing_key() };
        case.take(&reporter, object)
    }

    pub(crate) fn sealing_key(&self) -> Option<&SealingKey> {
        self.inner.options.personal.key.as_deref()
    }
}

/// The case that something is sealed for.
struct Case<'a> {
    system: String,
    no: String,
    key: Option<&'a SealingKey>,
}

impl Case<'_> {
    fn take(
        &self,
        reporter: &Reporter,
        object: &mut Map<String, Json>,
    ) -> Result<Vec<GivenField>, Vec<Finding>> {
        let mut given = Vec::new();
        for (field, said) in [
            (PersonField::Name, &reporter.name),
            (PersonField::Phone, &reporter.phone),
            (PersonField::Address, &reporter.address),
        ] {
            let value = match said {
                Said::Nothing => continue,
                Said::Unknown => None,
                Said::This(value) => Some(self.seal(field, value.reveal())?),
            };
            given.push(GivenField { field, value });
        }
        for field in PersonField::TEXTS {
            let Some(Json::String(text)) = object.get(field.name()) else { continue };
            let masked = masked(text, reporter);
            let is_masked = masked != *text;
            // Without a key only the masked text is kept.
            let value = if is_masked && self.key.is_some() { Some(self.seal(field, text)?) } else { None };
            given.push(GivenField { field, value });
            if is_masked {
                object.insert(field.name().to_owned(), Json::String(masked));
            }
        }
        Ok(given)
    }

    fn seal(&self, field: PersonField, value: &str) -> Result<SealedValue, Vec<Finding>> {
        let key = self.key.ok_or_else(|| vec![refusal("reporter", "", NO_KEY)])?;
        let sealed = key.seal(&purpose(&self.system, &self.no, field), value);
        let sealed = sealed.map_err(|error| vec![refusal(field.name(), "", &error.to_string())])?;
        let (masked, digest) = match field {
            PersonField::Name => (Some(masking::name(value)), None),
            PersonField::Phone => (Some(masking::phone(value)), Some(phone_digest(key, value))),
            PersonField::Address => (Some("*".repeat(6)), None),
            PersonField::Title | PersonField::Content | PersonField::RawLocation => (None, None),
        };
        Ok(SealedValue { sealed, masked, digest, key_id: key.id() })
    }
}

/// The digest by which a telephone number is found, however it is written.
pub(super) fn phone_digest(key: &SealingKey, phone: &str) -> [u8; 32] {
    key.digest("phone", &masking::phone_digits(phone))
}

fn masked(text: &str, reporter: &Reporter) -> String {
    let name = match &reporter.name {
        Said::This(name) => Some(name.reveal()),
        Said::Nothing | Said::Unknown => None,
    };
    let masked = masking::text(text, name.as_slice()).into_owned();
    match &reporter.phone {
        // Also a number that is none by its shape, such as one without its area code.
        Said::This(phone) => masked.replace(phone.reveal(), &masking::phone(phone.reveal())),
        Said::Nothing | Said::Unknown => masked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(mut object: Json) -> (Json, Vec<GivenField>) {
        let key = SealingKey::from_seed(&[7; 32]);
        let case = Case { system: "12345".to_owned(), no: "1".to_owned(), key: Some(&key) };
        let fields = object.as_object_mut().unwrap();
        let reporter = Reporter::take(fields).unwrap();
        let given = case.take(&reporter, fields).unwrap();
        (object, given)
    }

    fn opened(given: &[GivenField], field: PersonField) -> Option<String> {
        let value = given.iter().find(|given| given.field == field)?.value.as_ref()?;
        let key = SealingKey::from_seed(&[7; 32]);
        key.open(&purpose("12345", "1", field), &value.sealed).ok().map(|text| text.to_string())
    }

    #[test]
    fn texts_are_masked_and_what_they_said_is_sealed() {
        let (object, given) = taken(serde_json::json!({
            "title": "噪音",
            "content": "王小明来电，请回82211234或13800135678",
            "reporter": {"name": "王小明", "phone": "82211234"},
        }));
        assert_eq!(
            object,
            serde_json::json!({"title": "噪音", "content": "王**来电，请回822*1234或138****5678"})
        );
        assert_eq!(opened(&given, PersonField::Content).unwrap(), "王小明来电，请回82211234或13800135678");
        assert_eq!(opened(&given, PersonField::Phone).unwrap(), "82211234");
        assert_eq!(opened(&given, PersonField::Name).unwrap(), "王小明");
        assert_eq!(opened(&given, PersonField::Title), None, "nothing was masked in it");
    }

    #[test]
    fn a_number_has_one_digest_however_it_is_written() {
        let digest = |phone: &str| {
            let (_, given) = taken(serde_json::json!({"reporter": {"phone": phone}}));
            given[0].value.clone().unwrap().digest
        };
        assert_eq!(digest("138-0013-5678"), digest("+86 13800135678"));
        assert_ne!(digest("13800135678"), digest("13800135679"));
    }

    #[test]
    fn without_a_key_a_caller_is_refused_and_a_text_is_masked() {
        let case = Case { system: "12345".to_owned(), no: "1".to_owned(), key: None };
        let mut object = Map::from_iter([("content".to_owned(), Json::from("请回13800135678"))]);
        let nobody = Reporter { name: Said::Nothing, phone: Said::Nothing, address: Said::Nothing };
        case.take(&nobody, &mut object).unwrap();
        assert_eq!(object["content"], "请回138****5678");
        let mut object = Map::from_iter([("reporter".to_owned(), serde_json::json!({"name": "王小明"}))]);
        let reporter = Reporter::take(&mut object).unwrap();
        assert!(case.take(&reporter, &mut object).unwrap_err()[0].message.contains("no key"));
    }
}
