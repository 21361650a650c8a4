//! Reads one `[[source]]` table.

use std::collections::BTreeMap;
use std::ops::Range;

use cim_crs::Crs;
use cim_model::{Collection, CollectionSpec};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::parse::{crs_of, timezone_of};
use super::toml_table::{Checked, Complaint, Table, table_of, text_of, texts_of};
use super::{FieldSource, Filter, Format, Mapping, Reject, Source};

const SOURCE_KEYS: &[&str] = &[
    "collection",
    "file",
    "format",
    "layer",
    "crs",
    "encoding",
    "delimiter",
    "key",
    "fields",
    "values",
    "where",
    "timezone",
    "time_format",
    "reject",
    "complete",
];
const FIELD_KEYS: &[&str] =
    &["column", "value", "columns", "join", "count_repeats", "row_number", "prefix", "lon", "lat"];

/// What the pack says for all its sources.
pub(super) struct Defaults {
    pub(super) crs: Option<Crs>,
    pub(super) timezone: Option<String>,
}

pub(super) fn parse_source(table: &DeTable<'_>, at: Range<usize>, defaults: &Defaults) -> Checked<Source> {
    let table = Table::new(table, at, "[[source]]", SOURCE_KEYS)?;
    let collection = collection_of(&table)?;
    let spec = collection.spec();
    let mut fields = fields_of(&table, spec)?;
    add_key(&table, spec, &mut fields)?;
    Ok(Source {
        collection,
        file: table.required_text("file")?,
        format: format_of(&table)?,
        crs: crs_of(&table)?.or(defaults.crs),
        mapping: Mapping {
            layer: table.text("layer")?,
            encoding: encoding_of(&table)?,
            delimiter: delimiter_of(&table)?,
            fields,
            values: values_of(&table, spec)?,
            filters: filters_of(&table)?,
            timezone: timezone_of(&table)?.or_else(|| defaults.timezone.clone()),
            time_format: table.text("time_format")?,
            reject: reject_of(&table)?,
        },
        complete: table.flag("complete")?.unwrap_or(false),
    })
}

fn span_of(table: &Table<'_, '_>, key: &str) -> Range<usize> {
    table.value(key).map_or_else(|| table.at(), Spanned::span)
}

fn collection_of(table: &Table<'_, '_>) -> Checked<Collection> {
    let name = table.required_text("collection")?;
    name.parse().map_err(|error: cim_model::collection::UnknownCollection| {
        Complaint::new(span_of(table, "collection"), error.to_string())
    })
}

fn format_of(table: &Table<'_, '_>) -> Checked<Option<Format>> {
    let Some(name) = table.text("format")? else { return Ok(None) };
    Format::from_name(&name).map(Some).ok_or_else(|| {
        let known: Vec<&str> = Format::NAMES.iter().map(|(name, _)| *name).collect();
        let message = format!("unknown format `{name}`; known formats: {}", known.join(", "));
        Complaint::new(span_of(table, "format"), message)
    })
}

fn encoding_of(table: &Table<'_, '_>) -> Checked<Option<String>> {
    let Some(name) = table.text("encoding")? else { return Ok(None) };
    if encoding_rs::Encoding::for_label(name.as_bytes()).is_none() {
        let message =
            format!("unknown encoding `{name}`: write utf-8, gbk, gb18030, big5, windows-1252, ...");
        return Err(Complaint::new(span_of(table, "encoding"), message));
    }
    Ok(Some(name))
}

fn delimiter_of(table: &Table<'_, '_>) -> Checked<Option<char>> {
    let Some(text) = table.text("delimiter")? else { return Ok(None) };
    match (text.chars().next(), text.len()) {
        (Some(character), 1) => Ok(Some(character)),
        _ => Err(Complaint::new(span_of(table, "delimiter"), "`delimiter` must be one ASCII character")),
    }
}

fn reject_of(table: &Table<'_, '_>) -> Checked<Reject> {
    match table.text("reject")?.as_deref() {
        None | Some("pack") => Ok(Reject::Pack),
        Some("rows") => Ok(Reject::Rows),
        Some("values") => Ok(Reject::Values),
        Some(other) => Err(Complaint::new(
            span_of(table, "reject"),
            format!("`reject` is pack, rows or values, not `{other}`"),
        )),
    }
}

fn check_field(name: &Spanned<std::borrow::Cow<'_, str>>, spec: &CollectionSpec) -> Checked<String> {
    if spec.position(name.get_ref()).is_none() {
        let known: Vec<&str> = spec.fields.iter().map(|field| field.name).collect();
        let message = format!(
            "{} has no field `{}`; its fields: {}",
            spec.collection,
            name.get_ref(),
            known.join(", ")
        );
        return Err(Complaint::new(name.span(), message));
    }
    Ok(name.get_ref().to_string())
}

fn fields_of(table: &Table<'_, '_>, spec: &CollectionSpec) -> Checked<BTreeMap<String, FieldSource>> {
    let Some(value) = table.value("fields") else { return Ok(BTreeMap::new()) };
    let mut fields = BTreeMap::new();
    for (name, value) in table_of(value, "fields")? {
        let name = check_field(name, spec)?;
        let source = match value.get_ref() {
            DeValue::Table(inner) => field_source(inner, value.span(), &name)?,
            _ => FieldSource::Column(text_of(value, &name)?),
        };
        fields.insert(name, source);
    }
    Ok(fields)
}

fn field_source(table: &DeTable<'_>, at: Range<usize>, name: &str) -> Checked<FieldSource> {
    let table = Table::new(table, at, "a field", FIELD_KEYS)?;
    if let Some(value) = table.text("value")? {
        return Ok(FieldSource::Constant(value));
    }
    if let Some(columns) = table.texts("columns")? {
        return Ok(FieldSource::Joined {
            columns,
            join: table.text("join")?.unwrap_or_else(|| " ".to_owned()),
        });
    }
    if let Some(column) = table.text("column")? {
        let counted = table.flag("count_repeats")?.unwrap_or(false);
        return Ok(if counted { FieldSource::CountedRepeats(column) } else { FieldSource::Column(column) });
    }
    if table.flag("row_number")?.unwrap_or(false) {
        return Ok(FieldSource::RowNumber { prefix: table.text("prefix")?.unwrap_or_default() });
    }
    if let (Some(lon), Some(lat)) = (table.text("lon")?, table.text("lat")?) {
        return Ok(FieldSource::Point { lon, lat });
    }
    let message = format!(
        "`{name}` must be a column's name, {{ value = }}, {{ columns = [], join = }}, \
         {{ column =, count_repeats = true }}, {{ row_number = true, prefix = }} or {{ lon =, lat = }}"
    );
    Err(Complaint::new(table.at(), message))
}

/// `key = "ID"` is the column of the last field of the business key; a list names all of them.
fn add_key(
    table: &Table<'_, '_>,
    spec: &CollectionSpec,
    fields: &mut BTreeMap<String, FieldSource>,
) -> Checked<()> {
    let Some(columns) = table.texts("key")? else { return Ok(()) };
    if columns.len() > spec.key.len() {
        let message = format!("the key of {} is {}", spec.collection, spec.key.join(", "));
        return Err(Complaint::new(span_of(table, "key"), message));
    }
    let skipped = spec.key.len() - columns.len();
    for (field, column) in spec.key.iter().skip(skipped).zip(columns) {
        fields.entry((*field).to_owned()).or_insert(FieldSource::Column(column));
    }
    Ok(())
}

fn values_of(
    table: &Table<'_, '_>,
    spec: &CollectionSpec,
) -> Checked<BTreeMap<String, BTreeMap<String, String>>> {
    let Some(value) = table.value("values") else { return Ok(BTreeMap::new()) };
    let mut values = BTreeMap::new();
    for (name, map) in table_of(value, "values")? {
        let name = check_field(name, spec)?;
        let mut pairs = BTreeMap::new();
        for (from, to) in table_of(map, &name)? {
            pairs.insert(from.get_ref().to_string(), text_of(to, from.get_ref())?);
        }
        values.insert(name, pairs);
    }
    Ok(values)
}

fn filters_of(table: &Table<'_, '_>) -> Checked<Vec<Filter>> {
    let Some(value) = table.value("where") else { return Ok(Vec::new()) };
    let mut filters = Vec::new();
    for (column, values) in table_of(value, "where")? {
        let mut filter =
            Filter { column: column.get_ref().to_string(), any_of: Vec::new(), none_of: Vec::new() };
        for value in texts_of(values, column.get_ref())? {
            match value.strip_prefix('!') {
                Some(unwanted) => filter.none_of.push(unwanted.to_owned()),
                None => filter.any_of.push(value),
            }
        }
        filters.push(filter);
    }
    Ok(filters)
}
