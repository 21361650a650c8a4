//! The values of one field of a table, one array a field.

use std::collections::HashMap;

use cim_model::{FieldType, Value};
use jiff::Timestamp;
use jiff::civil::Date;

/// Separates the texts of a list inside one interned text.
const LIST_SEPARATOR: char = '\u{1f}';
const NULL_SHORT: i32 = i32::MIN;
const NULL_LONG: i64 = i64::MIN;

/// One field's values by row.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// Every value is null, or the field is not kept.
    Nothing,
    Bools(Vec<u8>),
    Shorts(Vec<i32>),
    Longs(Vec<i64>),
    Floats(Vec<f64>),
    Texts(TextColumn),
}

/// Interned texts: a row holds the number of its text, 0 for null.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextColumn {
    numbers: Vec<u32>,
    ends: Vec<u32>,
    bytes: String,
}

impl TextColumn {
    #[inline]
    pub(crate) fn number(&self, row: u32) -> u32 {
        self.numbers[row as usize]
    }

    #[inline]
    pub(crate) fn text(&self, number: u32) -> Option<&str> {
        let place = (number as usize).checked_sub(1)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.bytes.get(start..self.ends[place] as usize)
    }

    /// Appends a text that no row has yet and gives its number.
    fn append(&mut self, text: &str) -> u32 {
        self.bytes.push_str(text);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        u32::try_from(self.ends.len()).unwrap_or(0)
    }

    /// The texts in the order in which the rows first use them: what lies together in the city lies together in memory, and a
    /// tile with a thousand different names reads them as one piece.
    fn reordered(&self, order: &[u32]) -> Self {
        let mut renumbered = vec![0; self.ends.len() + 1];
        let mut texts = Self {
            numbers: Vec::with_capacity(order.len()),
            ends: Vec::with_capacity(self.ends.len()),
            bytes: String::with_capacity(self.bytes.len()),
        };
        for row in order {
            let before = self.number(*row);
            let number = &mut renumbered[before as usize];
            if let Some(text) = self.text(before).filter(|_| *number == 0) {
                *number = texts.append(text);
            }
            texts.numbers.push(*number);
        }
        texts
    }
}

impl Column {
    pub(crate) fn value(&self, row: u32, field_type: FieldType) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Bools(values) => match values[row as usize] {
                0 => Value::Bool(false),
                1 => Value::Bool(true),
                _ => Value::Null,
            },
            Self::Shorts(_) | Self::Longs(_) => {
                self.int(row).map_or(Value::Null, |number| whole(number, field_type))
            }
            Self::Floats(_) => self.float(row).map_or(Value::Null, Value::Float),
            Self::Texts(texts) => {
                texts.text(texts.number(row)).map_or(Value::Null, |text| match field_type {
                    FieldType::Texts if text.is_empty() => Value::Texts(Vec::new()),
                    FieldType::Texts => Value::Texts(text.split(LIST_SEPARATOR).map(str::to_owned).collect()),
                    _ => Value::Text(text.to_owned()),
                })
            }
        }
    }

    /// Whole numbers; instants as milliseconds and days as days since 1970.
    #[inline]
    pub(crate) fn int(&self, row: u32) -> Option<i64> {
        match self {
            Self::Shorts(values) => {
                Some(values[row as usize]).filter(|value| *value != NULL_SHORT).map(i64::from)
            }
            Self::Longs(values) => Some(values[row as usize]).filter(|value| *value != NULL_LONG),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn float(&self, row: u32) -> Option<f64> {
        match self {
            Self::Floats(values) => Some(values[row as usize]).filter(|value| !value.is_nan()),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn bool(&self, row: u32) -> Option<bool> {
        match self {
            Self::Bools(values) => match values[row as usize] {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            },
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn text(&self, row: u32) -> Option<&str> {
        match self {
            Self::Texts(texts) => texts.text(texts.number(row)),
            _ => None,
        }
    }

    /// What is stored of the row, the first byte of a text included.
    #[inline]
    pub(crate) fn bits(&self, row: u32) -> u64 {
        let row_place = row as usize;
        match self {
            Self::Nothing => 0,
            Self::Bools(values) => u64::from(values[row_place]),
            Self::Shorts(values) => u64::from(values[row_place].cast_unsigned()),
            Self::Longs(values) => values[row_place].cast_unsigned(),
            Self::Floats(values) => values[row_place].to_bits(),
            Self::Texts(texts) => texts.text(texts.number(row)).map_or(0, first_byte),
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Bools(values) => values.capacity(),
            Self::Shorts(values) => values.capacity() * 4,
            Self::Longs(values) => values.capacity() * 8,
            Self::Floats(values) => values.capacity() * 8,
            Self::Texts(texts) => {
                (texts.numbers.capacity() + texts.ends.capacity()) * 4 + texts.bytes.capacity()
            }
        }
    }

    /// The same values in another order of rows.
    pub(crate) fn reordered(self, order: &[u32]) -> Self {
        fn pick<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
            order.iter().map(|row| values[*row as usize]).collect()
        }
        match self {
            Self::Nothing => Self::Nothing,
            Self::Bools(values) => Self::Bools(pick(&values, order)),
            Self::Shorts(values) => Self::Shorts(pick(&values, order)),
            Self::Longs(values) => Self::Longs(pick(&values, order)),
            Self::Floats(values) => Self::Floats(pick(&values, order)),
            Self::Texts(texts) => Self::Texts(texts.reordered(order)),
        }
    }
}

fn first_byte(text: &str) -> u64 {
    text.as_bytes().first().copied().map_or(0, u64::from)
}

fn whole(number: i64, field_type: FieldType) -> Value {
    match field_type {
        FieldType::Time => Timestamp::from_millisecond(number).map_or(Value::Null, Value::Time),
        FieldType::Date => date_of(number).map_or(Value::Null, Value::Date),
        _ => Value::Int(number),
    }
}

fn date_of(days: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn days_of(date: Date) -> i64 {
    date.since(Date::constant(1970, 1, 1)).map_or(NULL_LONG, |span| i64::from(span.get_days()))
}

/// Takes the values of one field one after another.
pub(crate) struct ColumnBuilder {
    column: Column,
    rows: usize,
    interned: HashMap<Box<str>, u32>,
}

impl ColumnBuilder {
    pub(crate) fn new() -> Self {
        Self { column: Column::Nothing, rows: 0, interned: HashMap::new() }
    }

    pub(crate) fn push(&mut self, value: &Value) {
        match value {
            Value::Null | Value::Geometry(_) => self.push_null(),
            Value::Bool(value) => self.push_bool(*value),
            Value::Int(value) => self.push_int(*value),
            Value::Float(value) => self.push_float(*value),
            Value::Text(value) => self.push_text(value),
            Value::Texts(values) => self.push_text(&values.join(&LIST_SEPARATOR.to_string())),
            Value::Time(value) => self.push_int(value.as_millisecond()),
            Value::Date(value) => self.push_int(days_of(*value)),
        }
        self.rows += 1;
    }

    pub(crate) fn finish(self) -> Column {
        self.column
    }

    fn push_null(&mut self) {
        match &mut self.column {
            Column::Nothing => {}
            Column::Bools(values) => values.push(2),
            Column::Shorts(values) => values.push(NULL_SHORT),
            Column::Longs(values) => values.push(NULL_LONG),
            Column::Floats(values) => values.push(f64::NAN),
            Column::Texts(texts) => texts.numbers.push(0),
        }
    }

    fn push_bool(&mut self, value: bool) {
        if matches!(self.column, Column::Nothing) {
            self.column = Column::Bools(vec![2; self.rows]);
        }
        match &mut self.column {
            Column::Bools(values) => values.push(u8::from(value)),
            _ => self.push_null(),
        }
    }

    fn push_int(&mut self, value: i64) {
        if matches!(self.column, Column::Nothing) {
            self.column = Column::Shorts(vec![NULL_SHORT; self.rows]);
        }
        if let Column::Shorts(values) = &mut self.column {
            match i32::try_from(value) {
                Ok(short) if short != NULL_SHORT => {
                    values.push(short);
                    return;
                }
                _ => self.column = Column::Longs(widened(values)),
            }
        }
        match &mut self.column {
            Column::Longs(values) => values.push(value),
            _ => self.push_null(),
        }
    }

    fn push_float(&mut self, value: f64) {
        if matches!(self.column, Column::Nothing) {
            self.column = Column::Floats(vec![f64::NAN; self.rows]);
        }
        match &mut self.column {
            Column::Floats(values) => values.push(value),
            _ => self.push_null(),
        }
    }

    fn push_text(&mut self, value: &str) {
        if matches!(self.column, Column::Nothing) {
            self.column = Column::Texts(TextColumn { numbers: vec![0; self.rows], ..TextColumn::default() });
        }
        let Column::Texts(texts) = &mut self.column else { return self.push_null() };
        let number = if let Some(number) = self.interned.get(value) {
            *number
        } else {
            let number = texts.append(value);
            self.interned.insert(value.into(), number);
            number
        };
        texts.numbers.push(number);
    }
}

fn widened(values: &[i32]) -> Vec<i64> {
    values.iter().map(|value| if *value == NULL_SHORT { NULL_LONG } else { i64::from(*value) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field_type: FieldType, values: &[Value]) {
        let mut builder = ColumnBuilder::new();
        for value in values {
            builder.push(value);
        }
        let column = builder.finish();
        let back: Vec<Value> =
            (0_u32..).take(values.len()).map(|row| column.value(row, field_type)).collect();
        assert_eq!(back, values);
    }

    #[test]
    fn a_column_gives_back_what_was_put_in() {
        let text = |text: &str| Value::Text(text.to_owned());
        check(FieldType::Text, &[Value::Null, text("甲"), text(""), text("甲"), text("乙"), Value::Null]);
        check(
            FieldType::Int,
            &[Value::Null, Value::Int(3), Value::Int(i64::from(i32::MIN)), Value::Int(1 << 40), Value::Null],
        );
        check(FieldType::Float, &[Value::Float(1.5), Value::Null]);
        check(FieldType::Bool, &[Value::Null, Value::Bool(true), Value::Bool(false)]);
        check(FieldType::Time, &[Value::Time("2026-03-01T08:00:00.25Z".parse().unwrap()), Value::Null]);
        check(
            FieldType::Date,
            &[Value::Date("1969-12-31".parse().unwrap()), Value::Date("2026-03-01".parse().unwrap())],
        );
        check(FieldType::Texts, &[Value::Texts(vec!["a".to_owned(), "b".to_owned()]), Value::Texts(vec![])]);
    }
}
