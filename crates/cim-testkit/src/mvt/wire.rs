//! Protocol buffers by their wire rules.

use super::finding::Fault;

/// The fields of a message in their order.
#[derive(Debug)]
pub(super) struct Message<'a> {
    fields: Vec<Field<'a>>,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) number: u64,
    content: Content<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Content<'a> {
    Number(u64),
    Eight([u8; 8]),
    Four([u8; 4]),
    Bytes(&'a [u8]),
}

impl<'a> Message<'a> {
    /// Splits a message into its fields, known or not.
    pub(super) fn read(mut bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let key = take_number(&mut bytes)?;
            let content = match key & 7 {
                0 => Content::Number(take_number(&mut bytes)?),
                1 => Content::Eight(*take_array(&mut bytes)?),
                2 => {
                    let length = take_number(&mut bytes)?;
                    let length = usize::try_from(length).map_err(|_too_large| Fault::Truncated)?;
                    let (inner, rest) = bytes.split_at_checked(length).ok_or(Fault::Truncated)?;
                    bytes = rest;
                    Content::Bytes(inner)
                }
                5 => Content::Four(*take_array(&mut bytes)?),
                _ => return Err(Fault::WireType),
            };
            // Field numbers have 29 bits and begin at one.
            if !(1..1 << 29).contains(&(key >> 3)) {
                return Err(Fault::WireType);
            }
            fields.push(Field { number: key >> 3, content });
        }
        Ok(Self { fields })
    }

    /// All fields of a number.
    pub(super) fn fields(&self, number: u64) -> impl Iterator<Item = Field<'a>> {
        self.fields.iter().copied().filter(move |field| field.number == number)
    }

    /// All fields.
    pub(super) fn all(&self) -> &[Field<'a>] {
        &self.fields
    }

    /// The last field of a number, which is the one that counts.
    pub(super) fn last(&self, number: u64) -> Option<Field<'a>> {
        self.fields(number).last()
    }

    /// Whether a field stands more than once.
    pub(super) fn repeats(&self, number: u64) -> bool {
        self.fields(number).count() > 1
    }

    /// The 32-bit numbers of a repeated field; the format wants them packed, readers take both.
    pub(super) fn numbers(&self, number: u64) -> Result<Vec<u32>, Fault> {
        let mut found = Vec::new();
        for field in self.fields(number) {
            match field.content {
                Content::Number(value) => found.push(narrow(value)?),
                Content::Bytes(mut bytes) => {
                    while !bytes.is_empty() {
                        found.push(narrow(take_number(&mut bytes)?)?);
                    }
                }
                Content::Eight(_) | Content::Four(_) => return Err(Fault::WireType),
            }
        }
        Ok(found)
    }
}

impl<'a> Field<'a> {
    /// Its varint.
    pub(super) fn number(self) -> Result<u64, Fault> {
        match self.content {
            Content::Number(value) => Ok(value),
            _ => Err(Fault::WireType),
        }
    }

    /// Its varint of 32 bits.
    pub(super) fn short(self) -> Result<u32, Fault> {
        narrow(self.number()?)
    }

    /// Its bytes.
    pub(super) fn bytes(self) -> Result<&'a [u8], Fault> {
        match self.content {
            Content::Bytes(bytes) => Ok(bytes),
            _ => Err(Fault::WireType),
        }
    }

    /// Its text.
    pub(super) fn text(self) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.bytes()?).map_err(|_invalid| Fault::NotUtf8)
    }

    /// Its 64-bit float.
    pub(super) fn double(self) -> Result<f64, Fault> {
        match self.content {
            Content::Eight(bytes) => Ok(f64::from_le_bytes(bytes)),
            _ => Err(Fault::WireType),
        }
    }

    /// Its 32-bit float.
    pub(super) fn float(self) -> Result<f32, Fault> {
        match self.content {
            Content::Four(bytes) => Ok(f32::from_le_bytes(bytes)),
            _ => Err(Fault::WireType),
        }
    }
}

/// A signed number from its zigzag form.
#[expect(clippy::cast_possible_wrap, reason = "zigzag maps unsigned numbers to signed ones")]
pub(super) fn signed(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

fn narrow(value: u64) -> Result<u32, Fault> {
    u32::try_from(value).map_err(|_too_large| Fault::NumberTooLarge)
}

fn take_array<'a, const LENGTH: usize>(bytes: &mut &'a [u8]) -> Result<&'a [u8; LENGTH], Fault> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(Fault::Truncated)?;
    *bytes = rest;
    Ok(taken)
}

fn take_number(bytes: &mut &[u8]) -> Result<u64, Fault> {
    let mut value = 0_u64;
    for place in 0..10 {
        let (byte, rest) = bytes.split_first().ok_or(Fault::Truncated)?;
        *bytes = rest;
        // The tenth byte holds the last bit of 64.
        if place == 9 && *byte > 1 {
            return Err(Fault::NumberTooLarge);
        }
        value |= u64::from(byte & 0x7f) << (7 * place);
        if *byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Fault::NumberTooLarge)
}
