//! What is no object of JSON, or none in UTF-8, or not all of one.

use std::io::Write as _;

use crate::upload::{Place, Upload, typed, upload};

/// What stands alone and is no object.
const NO_OBJECTS: [(&str, &str); 7] = [
    ("nothing", ""),
    ("blanks", " \n\t "),
    ("null", "null"),
    ("a number", "17"),
    ("a text", "\"text\""),
    ("an empty list", "[]"),
    ("an XML document", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
];
/// What cannot be the value of a field.
const NO_VALUES: [(&str, &str); 11] = [
    ("too large a number", "1e999"),
    ("no number", "NaN"),
    ("infinity", "-Infinity"),
    ("a number with a leading zero", "007"),
    ("a hexadecimal number", "0x1f"),
    ("a lone high surrogate", "\"\\ud800\""),
    ("a lone low surrogate", "\"\\udc00x\""),
    ("an unknown escape", "\"\\x41\""),
    ("a raw line break in a text", "\"a\nb\""),
    ("an object", "{\"deep\":[]}"),
    ("an object that ends as a list", "{\"deep\":1]"),
];
/// What cannot stand in a text.
const NO_TEXTS: [(&str, &[u8]); 6] = [
    ("a raw NUL", b"a\0b"),
    ("bytes that are no UTF-8", b"\xff\xfe"),
    ("GBK", b"\xba\xa3\xc3\xc5\xc7\xf8"),
    ("an overlong slash", b"\xc0\xaf"),
    ("a surrogate as bytes", b"\xed\xa0\x80"),
    ("half a character", b"\xe6\xb5"),
];
const NO_JSON: [&str; 5] =
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "json", "*/*"];

/// Everything of this kind for one address.
pub(crate) fn broken_objects(place: &Place, session: &str) -> Vec<Upload> {
    let good = place.good.to_string();
    let mut bodies = cut_short(&good);
    bodies.extend(NO_OBJECTS.map(|(what, text)| (what, text.as_bytes().to_vec())));
    bodies.extend(broken_fields(place));
    bodies.extend(spoiled(place, &good));
    let mut uploads: Vec<Upload> =
        bodies.into_iter().map(|(what, body)| upload(place, session, what, vec![(body, 1)])).collect();
    for media in NO_JSON {
        let body = vec![(good.clone().into_bytes(), 1)];
        uploads.push(typed(place, session, &format!("as {media}"), Some(media), &[], body));
    }
    uploads.push(typed(place, session, "of no type", None, &[], vec![(good.clone().into_bytes(), 1)]));
    let packed = [("content-encoding", "gzip")];
    let bomb = vec![(blanks_in_gzip(), 1)];
    uploads.push(typed(place, session, "a gzip bomb", Some("application/json"), &packed, bomb));
    let padded = vec![(vec![b' '; 4_096], place.most_bytes / 4_096), (good.into_bytes(), 1)];
    uploads.push(upload(place, session, "a body too long", padded));
    uploads
}

type Body = (&'static str, Vec<u8>);

fn cut_short(good: &str) -> Vec<Body> {
    let cut = [
        ("cut after a byte", 1),
        ("cut at a quarter", good.len() / 4),
        ("cut in the middle", good.len() / 2),
        ("cut at three quarters", good.len() * 3 / 4),
        ("cut before the last byte", good.len() - 1),
    ];
    cut.map(|(what, length)| (what, good.as_bytes()[..length].to_vec())).to_vec()
}

/// Objects whose first field has a value that cannot be.
fn broken_fields(place: &Place) -> Vec<Body> {
    let start = format!("{{\"{}\":", place.first_field());
    let mut bodies: Vec<Body> =
        NO_VALUES.map(|(what, value)| (what, format!("{start}{value}}}").into_bytes())).to_vec();
    bodies.extend(NO_TEXTS.map(|(what, text)| (what, [start.as_bytes(), b"\"", text, b"\"}"].concat())));
    bodies.extend([
        ("nested lists in a field", format!("{start}{}", "[".repeat(100_000)).into_bytes()),
        ("nested objects in a field", format!("{start}{}", "{\"a\":".repeat(30_000)).into_bytes()),
        ("deep and whole", format!("{start}{}{}}}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes()),
        ("a number of thousands of digits", format!("{start}{}}}", "9".repeat(5_000)).into_bytes()),
    ]);
    bodies
}

/// The good object with something that makes it none.
fn spoiled(place: &Place, good: &str) -> Vec<Body> {
    let field = place.first_field();
    let (open, rest) = (good.strip_suffix('}').unwrap(), good.strip_prefix('{').unwrap());
    let thousand: Vec<String> = (0..1_000).map(|number| format!(",\"f{number}\":{number}")).collect();
    let thousand = thousand.concat();
    let texts = [
        ("nested lists", "[".repeat(100_000)),
        ("the object in a list", format!("[{good}]")),
        ("single quotes", good.replace('"', "'")),
        ("bare names", good.replace(&format!("\"{field}\""), field)),
        ("a comma too many", format!("{open},}}")),
        ("a comment", format!("/* c */ {good}")),
        ("two objects", format!("{good}{good}")),
        ("something after the end", format!("{good} x")),
        ("a field twice", format!("{open},{rest}")),
        ("an unknown field", format!("{open},\"no_such_field\":1}}")),
        ("a thousand unknown fields", format!("{open}{thousand}}}")),
        ("a byte order mark", format!("\u{feff}{good}")),
    ];
    let mut bodies: Vec<Body> = texts.map(|(what, text)| (what, text.into_bytes())).to_vec();
    bodies.extend([
        ("UTF-16", good.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("nothing but NUL", vec![0; 4_096]),
        ("a ZIP archive", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
    ]);
    bodies
}

/// 64 MB of blanks in 64 kB.
fn blanks_in_gzip() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..1_024 {
        packed.write_all(&vec![b' '; 65_536]).unwrap();
    }
    packed.finish().unwrap()
}
