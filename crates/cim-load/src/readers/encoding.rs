//! Which encoding a text file is in: given, marked, or told apart from its bytes.

use std::borrow::Cow;

use cim_model::Severity;
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::check::RowChecker;
use crate::row::{Reading, Refusal, Stop};

/// How much of a file is looked at before its encoding is decided.
pub(super) const LOOK_AT_BYTES: usize = 1 << 20;

/// Decides by what is given and what the first bytes show.
pub(super) fn decide(
    given: Option<&str>,
    head: &[u8],
    checker: &mut RowChecker<'_>,
) -> Result<&'static Encoding, Stop> {
    let marked = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    if marked == Some(UTF_16LE) || marked == Some(UTF_16BE) {
        return Err(Refusal::new("encoding_wrong", "the file is in UTF-16: save it as UTF-8").into());
    }
    let utf8 = utf8_evidence(head);
    let given = given.and_then(|label| Encoding::for_label(label.as_bytes()));
    match given {
        Some(encoding) if encoding != UTF_8 && utf8 == Evidence::For => {
            let message = format!(
                "the pack says {}, but the file is in UTF-8: write encoding = \"utf-8\"",
                encoding.name()
            );
            Err(Refusal::new("encoding_wrong", message).into())
        }
        Some(encoding) => Ok(encoding),
        None if marked.is_some() || utf8 != Evidence::Against => Ok(UTF_8),
        None => guess_chinese(head, checker).map(|()| GBK),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    For,
    Against,
    Neither,
}

fn utf8_evidence(head: &[u8]) -> Evidence {
    if head.is_ascii() {
        return Evidence::Neither;
    }
    match std::str::from_utf8(head) {
        Ok(_) => Evidence::For,
        // A character may be cut at the end of what is looked at.
        Err(error) if error.error_len().is_none() => Evidence::For,
        Err(_) => Evidence::Against,
    }
}

fn guess_chinese(head: &[u8], checker: &mut RowChecker<'_>) -> Reading {
    let whole_lines = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |end| &head[..end]);
    let (text, _, failed) = GB18030.decode(whole_lines);
    let foreign = text.chars().filter(|character| !character.is_ascii()).count();
    let chinese = text
        .chars()
        .filter(|character| matches!(character, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}'))
        .count();
    if failed || chinese * 10 < foreign * 9 {
        let message =
            "the text is neither UTF-8 nor GBK: name its encoding, for example encoding = \"windows-1252\"";
        return Err(Refusal::new("encoding_wrong", message).at(bad_row(head)).into());
    }
    let message =
        "the file is not in UTF-8 and was read as GBK: write encoding = \"gbk\" to confirm it".to_owned();
    checker.note(Severity::Warning, "encoding_guessed", None, None, message)
}

/// The row, counted from 1 after the heading, of the first byte that is not UTF-8.
fn bad_row(head: &[u8]) -> u64 {
    let valid = std::str::from_utf8(head).err().map_or(head.len(), |error| error.valid_up_to());
    let lines = head[..valid].split(|byte| *byte == b'\n').count() - 1;
    u64::try_from(lines).unwrap_or(u64::MAX).max(1)
}

/// The text of one cell; what does not decode refuses the file, because the rest would be garbled too.
pub(super) fn text_of<'b>(
    bytes: &'b [u8],
    encoding: &'static Encoding,
    row: u64,
) -> Result<Cow<'b, str>, Stop> {
    let refuse = || {
        let message = format!(
            "the text is not in {}: name the right encoding, for example encoding = \"gbk\"",
            encoding.name()
        );
        let shown: String = String::from_utf8_lossy(bytes).chars().take(40).collect();
        Stop::from(Refusal::new("encoding_wrong", message).at(row).with_value(shown))
    };
    if encoding == UTF_8 {
        return std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_cause: std::str::Utf8Error| refuse());
    }
    let (text, failed) = encoding.decode_without_bom_handling(bytes);
    if failed { Err(refuse()) } else { Ok(text) }
}
