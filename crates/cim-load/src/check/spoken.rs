//! What callers said, masked before it is kept: numbers in the texts of cases, and in what a report shows of a bad row.

use std::borrow::Cow;

use cim_access::masking;
use cim_model::{Collection, CollectionSpec, Value};
use cim_store::PersonField;

/// Masks telephone and identity numbers in the texts of a case. What they said before stays with the source.
pub(super) fn mask_texts(spec: &CollectionSpec, values: &mut [Value]) {
    if spec.collection != Collection::Case {
        return;
    }
    for place in PersonField::TEXTS.into_iter().filter_map(|field| spec.position(field.name())) {
        if let Some(Value::Text(text)) = values.get_mut(place)
            && let Cow::Owned(masked) = masking::text(text, &[])
        {
            *text = masked;
        }
    }
}

/// What may be shown of a value that a row of the collection was refused for.
pub(super) fn shown(spec: &CollectionSpec, text: &str) -> String {
    let text =
        if spec.collection == Collection::Case { masking::text(text, &[]) } else { Cow::Borrowed(text) };
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_callers_are_masked_in_cases_and_in_nothing_else() {
        let text = "请回13800135678";
        let record = |spec: &CollectionSpec, field| {
            let mut values = vec![Value::Null; spec.fields.len()];
            values[spec.position(field).unwrap()] = Value::Text(text.to_owned());
            mask_texts(spec, &mut values);
            values[spec.position(field).unwrap()].clone()
        };
        for field in ["title", "content", "raw_location"] {
            let kept = record(Collection::Case.spec(), field);
            assert_eq!(kept, Value::Text("请回138****5678".to_owned()), "{field}");
        }
        assert_eq!(record(Collection::Building.spec(), "name"), Value::Text(text.to_owned()));
        assert_eq!(shown(Collection::Case.spec(), text), "请回138****5678");
        assert_eq!(shown(Collection::Building.spec(), text), text);
    }
}
