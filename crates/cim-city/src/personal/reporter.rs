//! The caller as a source gives them: `reporter` of a case, with name, telephone number and address.

use std::fmt;

use cim_model::Finding;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use crate::refusal;

const LONGEST_NAME: usize = 100;
const LONGEST_PHONE: usize = 40;
const LONGEST_ADDRESS: usize = 300;

/// A text that nothing shows by accident.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Private(Zeroizing<String>);

impl Private {
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Private")
    }
}

/// What a source says of one thing about the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing: what is known stays.
    Nothing,
    /// That it is not known.
    Unknown,
    /// What it is.
    This(Private),
}

/// A caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reporter {
    pub(super) name: Said,
    pub(super) phone: Said,
    pub(super) address: Said,
}

/// The caller in a command that is typed field by field; its members are looked at by [`Reporter::take`].
#[derive(Clone, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct GivenReporter(Json);

impl fmt::Debug for GivenReporter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("GivenReporter")
    }
}

impl Reporter {
    /// Takes the caller out of the object of a case. Findings name members and never repeat a value.
    pub(super) fn take(object: &mut Map<String, Json>) -> Result<Self, Vec<Finding>> {
        let given = match object.remove("reporter") {
            None => return Ok(Self { name: Said::Nothing, phone: Said::Nothing, address: Said::Nothing }),
            Some(Json::Null) => {
                return Ok(Self { name: Said::Unknown, phone: Said::Unknown, address: Said::Unknown });
            }
            Some(Json::Object(given)) => given,
            Some(_) => return Err(vec![refusal("reporter", "", SHAPE)]),
        };
        let mut findings = Vec::new();
        if given.keys().any(|member| !["name", "phone", "address"].contains(&member.as_str())) {
            findings.push(refusal("reporter", "", SHAPE));
        }
        let mut read = |member, longest| match said(&given, member, longest) {
            Ok(said) => said,
            Err(finding) => {
                findings.push(*finding);
                Said::Nothing
            }
        };
        let reporter = Self {
            name: read("name", LONGEST_NAME),
            phone: read("phone", LONGEST_PHONE),
            address: read("address", LONGEST_ADDRESS),
        };
        if let Said::This(phone) = &reporter.phone
            && phone.reveal().chars().filter(char::is_ascii_digit).count() < 3
        {
            findings.push(refusal("reporter.phone", "", "a telephone number has at least three digits"));
        }
        if findings.is_empty() { Ok(reporter) } else { Err(findings) }
    }
}

const SHAPE: &str = "the caller is an object with name, phone and address, each a text or null";

fn said(given: &Map<String, Json>, member: &'static str, longest: usize) -> Result<Said, Box<Finding>> {
    let field = format!("reporter.{member}");
    match given.get(member) {
        None => Ok(Said::Nothing),
        Some(Json::Null) => Ok(Said::Unknown),
        Some(Json::String(text)) if text.trim().is_empty() => Ok(Said::Unknown),
        Some(Json::String(text)) if text.chars().count() > longest => {
            Err(Box::new(refusal(&field, "", &format!("at most {longest} characters"))))
        }
        Some(Json::String(text)) => Ok(Said::This(Private(Zeroizing::new(text.trim().to_owned())))),
        Some(_) => Err(Box::new(refusal(&field, "", "is a text"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(reporter: Json) -> Result<Reporter, Vec<Finding>> {
        let mut object = Map::from_iter([("reporter".to_owned(), reporter)]);
        let taken = Reporter::take(&mut object);
        assert!(object.is_empty(), "nothing of the caller stays in the case");
        taken
    }

    #[test]
    fn what_is_not_said_stays_and_what_is_null_is_forgotten() {
        let taken = take(serde_json::json!({"name": " 王小明 ", "phone": null})).unwrap();
        let Said::This(name) = &taken.name else { panic!("{taken:?}") };
        assert_eq!(name.reveal(), "王小明");
        assert_eq!((taken.phone, taken.address), (Said::Unknown, Said::Nothing));
    }

    #[test]
    fn a_refusal_names_the_member_and_repeats_no_value() {
        for wrong in [
            serde_json::json!("王小明"),
            serde_json::json!({"王小明": 1}),
            serde_json::json!({"name": ["王小明"]}),
            serde_json::json!({"phone": 13_800_135_678_i64}),
            serde_json::json!({"phone": "王小明"}),
            serde_json::json!({"name": "王小明".repeat(40)}),
        ] {
            let findings = take(wrong).unwrap_err();
            let told = serde_json::to_string(&findings).unwrap();
            assert!(told.contains("reporter"), "{told}");
            assert!(!told.contains("王小明") && !told.contains("1380013"), "{told}");
        }
    }

    #[test]
    fn nothing_shows_a_caller_by_accident() {
        let taken = take(serde_json::json!({"name": "王小明", "phone": "13800135678"})).unwrap();
        let shown = format!("{taken:?} {:?}", GivenReporter("王小明".into()));
        assert!(!shown.contains("王小明") && !shown.contains("138"), "{shown}");
    }
}
