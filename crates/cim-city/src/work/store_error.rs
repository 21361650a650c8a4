//! What a failing store means to whoever gave a command.

use cim_store::StoreError;

use crate::{CityError, refusal};

/// A rule of the schema is a refusal, a missing database is a matter of time.
pub(crate) fn failed(error: StoreError) -> CityError {
    match error {
        StoreError::Constraint { constraint, detail, .. } => {
            CityError::Refused(vec![refusal(&constraint, "", &detail)])
        }
        StoreError::WrongValue { field, value, .. } => {
            CityError::Refused(vec![refusal(field, &value, "the field cannot hold this value")])
        }
        error if error.is_away() => CityError::Unavailable {
            message: "the database does not answer at the moment".to_owned(),
            retry_after_s: 2,
        },
        error if error.is_bad_value() => {
            let message = "a value cannot be stored, such as a text with the character U+0000: correct it";
            CityError::Refused(vec![refusal("value", "", message)])
        }
        other => CityError::Internal { doing: "database statement", source: Box::new(other) },
    }
}
