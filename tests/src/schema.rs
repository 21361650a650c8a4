//! Whether a JSON value is what an `OpenAPI` 3.0 schema says, for the part of the schema language that our document uses.

use serde_json::Value;

/// Everything in which `value` differs from `schema`, each with its place.
#[must_use]
pub fn differences(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(document, schema, value, "$", &mut found);
    found
}

/// The schema of an answer in the document, if the document describes it.
#[must_use]
pub fn answer_schema<'a>(
    document: &'a Value,
    method: &str,
    path: &str,
    status: u16,
    media: &str,
) -> Option<&'a Value> {
    let answer = &document["paths"][path][method]["responses"][status.to_string()];
    resolve(document, answer)["content"].get(media).map(|content| &content["schema"])
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.trim_start_matches('#');
            document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
        None => value,
    }
}

fn compare(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let schema = resolve(document, schema);
    if value.is_null() {
        if schema["nullable"] != true && schema.get("type").is_some() {
            found.push(format!("{place} is null"));
        }
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        compare(document, part, value, place, found);
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        found.push(format!("{place} is {value}, not one of {words:?}"));
    }
    match schema["type"].as_str() {
        Some("object") => compare_object(document, schema, value, place, found),
        Some("array") => compare_array(document, schema, value, place, found),
        Some("string") if !value.is_string() => found.push(format!("{place} is no string: {value}")),
        Some("boolean") if !value.is_boolean() => found.push(format!("{place} is no boolean: {value}")),
        Some("integer") if !value.is_i64() && !value.is_u64() => {
            found.push(format!("{place} is no integer: {value}"));
        }
        Some("number") => compare_number(schema, value, place, found),
        _ => {}
    }
}

fn compare_number(schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let Some(number) = value.as_f64() else {
        found.push(format!("{place} is no number: {value}"));
        return;
    };
    let least = schema["minimum"].as_f64().unwrap_or(f64::NEG_INFINITY);
    let most = schema["maximum"].as_f64().unwrap_or(f64::INFINITY);
    if number < least || number > most {
        found.push(format!("{place} is {number}, not from {least} to {most}"));
    }
}

fn compare_array(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let Some(items) = value.as_array() else {
        found.push(format!("{place} is no array: {value}"));
        return;
    };
    let count = |name: &str| schema[name].as_u64();
    let length = items.len() as u64;
    if count("minItems").is_some_and(|least| length < least)
        || count("maxItems").is_some_and(|most| length > most)
    {
        found.push(format!("{place} has {length} items"));
    }
    for (index, item) in items.iter().enumerate() {
        compare(document, &schema["items"], item, &format!("{place}[{index}]"), found);
    }
}

fn compare_object(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let Some(members) = value.as_object() else {
        found.push(format!("{place} is no object: {value}"));
        return;
    };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(name) {
            found.push(format!("{place} lacks {name}"));
        }
    }
    for (name, member) in members {
        let inner = format!("{place}.{name}");
        if let Some(known) = schema["properties"].get(name) {
            compare(document, known, member, &inner, found);
        } else if schema["additionalProperties"] == false {
            found.push(format!("{inner} is not in the schema"));
        } else if schema["additionalProperties"].is_object() {
            compare(document, &schema["additionalProperties"], member, &inner, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::differences;
    use serde_json::json;

    #[test]
    fn what_differs_is_named_by_its_place() {
        let document = json!({"components": {"schemas": {"P": {
            "type": "object", "required": ["a", "b"], "additionalProperties": false,
            "properties": {"a": {"type": "number", "minimum": 0}, "b": {"type": "string", "nullable": true}}
        }}}});
        let schema = json!({"type": "array", "items": {"$ref": "#/components/schemas/P"}});
        assert!(differences(&document, &schema, &json!([{"a": 1, "b": null}])).is_empty());
        let found = differences(&document, &schema, &json!([{"a": -1, "c": 2}]));
        assert_eq!(found, ["$[0] lacks b", "$[0].a is -1, not from 0 to inf", "$[0].c is not in the schema"]);
    }
}
