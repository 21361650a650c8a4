//! How many texts a workbook says that it has: memory is asked for by this number before any text is read, so it is held
//! against the bytes that are there.

use std::io::{self, Write};

use crate::row::{Reading, damaged};

const NAME: &[u8] = b"uniqueCount";
/// An empty text is `<si/>`.
const LEAST_TEXT_BYTES: u64 = 5;

/// Looks for the largest claim in whatever is written to it.
#[derive(Debug, Default)]
pub(super) struct StringClaims {
    bytes: u64,
    largest: u64,
    place: Place,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, Default)]
enum Place {
    /// So many letters of the name have been seen.
    Name(usize),
    /// The equals sign, blanks and a quotation mark.
    Before,
    Number(u64),
    #[default]
    Elsewhere,
}

impl StringClaims {
    /// Refuses more texts than the unpacked bytes can hold.
    pub(super) fn check(&self) -> Reading {
        if self.largest > self.bytes / LEAST_TEXT_BYTES {
            let (claimed, bytes) = (self.largest, self.bytes);
            return Err(damaged(format!("the workbook claims {claimed} texts in {bytes} bytes")));
        }
        Ok(())
    }

    fn take(&mut self, byte: u8) {
        self.place = match (self.place, byte) {
            (Place::Name(seen), byte) if NAME.get(seen) == Some(&byte) => {
                if seen + 1 == NAME.len() {
                    Place::Before
                } else {
                    Place::Name(seen + 1)
                }
            }
            (Place::Before, b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n' | b'+') => Place::Before,
            (Place::Before, digit @ b'0'..=b'9') => Place::Number(u64::from(digit - b'0')),
            (Place::Number(number), digit @ b'0'..=b'9') => {
                Place::Number(number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
            }
            (_, byte) if byte == NAME[0] => Place::Name(1),
            _ => Place::Elsewhere,
        };
        if let Place::Number(number) = self.place {
            self.largest = self.largest.max(number);
        }
    }
}

impl Write for StringClaims {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        for byte in bytes {
            self.take(*byte);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_believed(text: &str) -> bool {
        let mut claims = StringClaims::default();
        // In pieces, as an archive gives them.
        text.as_bytes().chunks(7).for_each(|piece| claims.write_all(piece).unwrap());
        claims.check().is_ok()
    }

    #[test]
    fn more_texts_than_there_are_bytes_are_not_believed() {
        assert!(is_believed(r#"<sst count="9" uniqueCount="2"><si/><si><t>a</t></si></sst>"#));
        assert!(is_believed("uniqueCount and uuniqueCount= x 99999999"));
        for claim in
            [r#"uniqueCount="4294967295""#, "uuniqueCount = '99'", "uniqueCount='99999999999999999999999'"]
        {
            assert!(!is_believed(claim), "{claim}");
        }
    }
}
