//! A JSON object whose names are given once each: which of two values would count is anybody's guess.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value};

/// The object; as everywhere in JSON, what lies deeper may say a name twice and means the last.
#[derive(Debug)]
pub(crate) struct JsonObject(pub(crate) Map<String, Value>);

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = JsonObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<JsonObject, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            match object.entry(name) {
                Entry::Vacant(place) => place.insert(members.next_value()?),
                Entry::Occupied(_) => return Err(A::Error::custom("a field is given twice")),
            };
        }
        Ok(JsonObject(object))
    }
}

#[cfg(test)]
mod tests {
    use super::JsonObject;

    #[test]
    fn a_name_given_twice_is_refused() {
        let read = |text: &str| serde_json::from_str::<JsonObject>(text);
        assert_eq!(read(r#"{"a":1,"b":{"a":2}}"#).unwrap().0.len(), 2);
        let refused = read(r#"{"a":1,"b":2,"a":3}"#).unwrap_err();
        assert!(refused.to_string().starts_with("a field is given twice"), "{refused}");
        assert!(read("[]").unwrap_err().to_string().contains("expected a map"));
    }
}
