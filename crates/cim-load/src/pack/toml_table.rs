//! A TOML table that knows its lines, so that every complaint names one.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Complaint {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
}

impl Complaint {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

pub(crate) type Checked<T> = Result<T, Complaint>;

/// A table being read; `known` are all the keys it may have.
pub(super) struct Table<'t, 'i> {
    entries: &'t DeTable<'i>,
    at: Range<usize>,
    title: &'static str,
}

impl<'t, 'i> Table<'t, 'i> {
    /// Refuses a key that is not known, with the list of those that are.
    pub(super) fn new(
        table: &'t DeTable<'i>,
        at: Range<usize>,
        title: &'static str,
        known: &[&str],
    ) -> Checked<Self> {
        for key in table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let message =
                    format!("unknown key `{}` in {title}; known keys: {}", key.get_ref(), known.join(", "));
                return Err(Complaint::new(key.span(), message));
            }
        }
        Ok(Self { entries: table, at, title })
    }

    pub(super) fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    pub(super) fn value(&self, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.entries.get(key)
    }

    pub(super) fn text(&self, key: &str) -> Checked<Option<String>> {
        self.value(key).map(|value| text_of(value, key)).transpose()
    }

    pub(super) fn required_text(&self, key: &str) -> Checked<String> {
        self.text(key)?.ok_or_else(|| Complaint::new(self.at(), format!("{} lacks `{key}`", self.title)))
    }

    pub(super) fn flag(&self, key: &str) -> Checked<Option<bool>> {
        self.value(key)
            .map(|value| {
                value
                    .get_ref()
                    .as_bool()
                    .ok_or_else(|| Complaint::new(value.span(), format!("`{key}` must be true or false")))
            })
            .transpose()
    }

    /// One text, or a list of texts.
    pub(super) fn texts(&self, key: &str) -> Checked<Option<Vec<String>>> {
        self.value(key).map(|value| texts_of(value, key)).transpose()
    }
}

/// A scalar as text: numbers and truth values as they are written.
pub(super) fn text_of(value: &Spanned<DeValue<'_>>, key: &str) -> Checked<String> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => Ok(number.as_str().to_owned()),
        DeValue::Float(number) => Ok(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Ok(flag.to_string()),
        DeValue::Datetime(time) => Ok(time.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => {
            Err(Complaint::new(value.span(), format!("`{key}` must be a text")))
        }
    }
}

pub(super) fn texts_of(value: &Spanned<DeValue<'_>>, key: &str) -> Checked<Vec<String>> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().map(|item| text_of(item, key)).collect(),
        _ => Ok(vec![text_of(value, key)?]),
    }
}

pub(super) fn table_of<'t, 'i>(value: &'t Spanned<DeValue<'i>>, key: &str) -> Checked<&'t DeTable<'i>> {
    value.get_ref().as_table().ok_or_else(|| Complaint::new(value.span(), format!("`{key}` must be a table")))
}
