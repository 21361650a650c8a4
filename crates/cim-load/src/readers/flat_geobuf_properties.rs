//! The properties of one `FlatGeobuf` feature, every length held against the bytes that are left: the library does not.

use flatgeobuf::ColumnType;

use crate::row::Cell;

/// A column of the file, and the place of its cell where it is wanted.
pub(super) struct Column {
    pub(super) kind: ColumnType,
    pub(super) place: Option<usize>,
}

/// The wanted cells of a feature.
pub(super) fn cells(bytes: &[u8], columns: &[Column], count: usize) -> Result<Vec<Cell<'static>>, String> {
    let mut cells = vec![Cell::Empty; count];
    let mut left = Bytes(bytes);
    // Some writers leave one byte behind a column of bytes.
    while left.0.len() > 1 {
        let number = usize::from(u16::from_le_bytes(left.array()?));
        let column = columns.get(number).ok_or_else(|| format!("there is no column {number}"))?;
        let cell = left.cell(column.kind)?;
        if let Some(place) = column.place {
            cells[place] = cell;
        }
    }
    Ok(cells)
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (head, tail) = self.0.split_first_chunk().ok_or("its properties end too early")?;
        self.0 = tail;
        Ok(*head)
    }

    fn sized(&mut self) -> Result<&'a [u8], String> {
        let count = u32::from_le_bytes(self.array()?) as usize;
        let (head, tail) = self.0.split_at_checked(count).ok_or("its properties end too early")?;
        self.0 = tail;
        Ok(head)
    }

    fn cell(&mut self, kind: ColumnType) -> Result<Cell<'static>, String> {
        Ok(match kind {
            ColumnType::Byte => Cell::Int(i64::from(i8::from_le_bytes(self.array()?))),
            ColumnType::UByte => Cell::Int(i64::from(u8::from_le_bytes(self.array()?))),
            ColumnType::Bool => Cell::Bool(self.array::<1>()? != [0]),
            ColumnType::Short => Cell::Int(i64::from(i16::from_le_bytes(self.array()?))),
            ColumnType::UShort => Cell::Int(i64::from(u16::from_le_bytes(self.array()?))),
            ColumnType::Int => Cell::Int(i64::from(i32::from_le_bytes(self.array()?))),
            ColumnType::UInt => Cell::Int(i64::from(u32::from_le_bytes(self.array()?))),
            ColumnType::Long => Cell::Int(i64::from_le_bytes(self.array()?)),
            ColumnType::ULong => {
                i64::try_from(u64::from_le_bytes(self.array()?)).map_or(Cell::Empty, Cell::Int)
            }
            ColumnType::Float => Cell::Float(f64::from(f32::from_le_bytes(self.array()?))),
            ColumnType::Double => Cell::Float(f64::from_le_bytes(self.array()?)),
            ColumnType::String | ColumnType::Json | ColumnType::DateTime => {
                let text = std::str::from_utf8(self.sized()?);
                Cell::text(text.map_err(|error| format!("a text is not UTF-8: {error}"))?.to_owned())
            }
            ColumnType::Binary => {
                self.sized()?;
                Cell::Empty
            }
            other => return Err(format!("a column is of the unknown type {other:?}")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_cut_anywhere_are_refused() {
        let columns = [
            Column { kind: ColumnType::Int, place: Some(1) },
            Column { kind: ColumnType::String, place: Some(0) },
        ];
        let mut whole = vec![0, 0, 7, 0, 0, 0, 1, 0, 3, 0, 0, 0];
        whole.extend("楼".as_bytes());
        assert_eq!(cells(&whole, &columns, 2), Ok(vec![Cell::text("楼"), Cell::Int(7)]));
        for end in (2..whole.len()).filter(|end| ![6, 7].contains(end)) {
            assert!(cells(&whole[..end], &columns, 2).is_err(), "{end}");
        }
        assert!(cells(&[9, 0, 0], &columns, 2).is_err());
        assert!(cells(&[1, 0, 255, 255, 255, 255, 0], &columns, 2).is_err());
    }
}
