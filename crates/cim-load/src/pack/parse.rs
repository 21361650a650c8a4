//! Reads `city.toml`: every key is known, every value is checked, every complaint names its line.

use std::fs;
use std::path::Path;

use cim_crs::Crs;
use cim_model::ExclusivePolicy;
use jiff::civil::Date;
use toml::de::DeTable;

use super::source_table::{Defaults, parse_source};
use super::toml_table::{Checked, Complaint, Table, table_of};
use super::{Pack, Timeline};
use crate::error::LoadError;

const PACK_KEYS: &[&str] =
    &["city", "division_code", "crs", "exclusive", "timezone", "synthetic", "timeline", "source"];
const DEFAULT_KEEP_DAYS: i64 = 365;

/// Reads the `city.toml` of a pack folder.
pub(crate) fn read_pack(folder: &Path) -> Result<Pack, LoadError> {
    let path = folder.join("city.toml");
    let text = fs::read_to_string(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
    parse_pack(&text).map_err(|complaint| LoadError::Pack {
        path,
        line: line_of(&text, complaint.at.start),
        message: complaint.message,
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

pub(crate) fn parse_pack(text: &str) -> Checked<Pack> {
    let parsed = DeTable::parse(text)
        .map_err(|error| Complaint::new(error.span().unwrap_or_default(), error.message().to_owned()))?;
    let table = Table::new(parsed.get_ref(), 0..0, "city.toml", PACK_KEYS)?;
    let defaults = Defaults { crs: crs_of(&table)?, timezone: timezone_of(&table)? };
    let mut sources = Vec::new();
    let list = table
        .value("source")
        .ok_or_else(|| Complaint::new(0..0, "the pack has no [[source]]: name at least one file"))?;
    let items = list
        .get_ref()
        .as_array()
        .ok_or_else(|| Complaint::new(list.span(), "`source` must be written [[source]]"))?;
    for item in items {
        sources.push(parse_source(table_of(item, "source")?, item.span(), &defaults)?);
    }
    Ok(Pack {
        city: table.required_text("city")?,
        division_code: table.text("division_code")?,
        exclusive: exclusive_of(&table)?,
        synthetic: table.flag("synthetic")?.unwrap_or(false),
        timeline: timeline_of(&table)?,
        sources,
    })
}

pub(super) fn crs_of(table: &Table<'_, '_>) -> Checked<Option<Crs>> {
    let Some(name) = table.text("crs")? else { return Ok(None) };
    let at = table.value("crs").map(toml::Spanned::span).unwrap_or_default();
    name.parse().map(Some).map_err(|error: cim_crs::CrsError| Complaint::new(at, error.to_string()))
}

pub(super) fn timezone_of(table: &Table<'_, '_>) -> Checked<Option<String>> {
    let Some(name) = table.text("timezone")? else { return Ok(None) };
    let at = table.value("timezone").map(toml::Spanned::span).unwrap_or_default();
    match jiff::tz::TimeZone::get(&name) {
        Ok(_) => Ok(Some(name)),
        Err(_) => Err(Complaint::new(at, format!("unknown time zone `{name}`: write it like Asia/Shanghai"))),
    }
}

fn exclusive_of(table: &Table<'_, '_>) -> Checked<Option<ExclusivePolicy>> {
    let Some(name) = table.text("exclusive")? else { return Ok(None) };
    let at = table.value("exclusive").map(toml::Spanned::span).unwrap_or_default();
    let policy = ExclusivePolicy::from_name(&name)
        .ok_or_else(|| Complaint::new(at, format!("`exclusive` is overlay or replace, not `{name}`")))?;
    Ok(Some(policy))
}

fn timeline_of(table: &Table<'_, '_>) -> Checked<Option<Timeline>> {
    let Some(value) = table.value("timeline") else { return Ok(None) };
    let inner =
        Table::new(table_of(value, "timeline")?, value.span(), "[timeline]", &["last_day", "keep_days"])?;
    let written = inner.required_text("last_day")?;
    let at = inner.value("last_day").map(toml::Spanned::span).unwrap_or_default();
    let last_day: Date = written.parse().map_err(|_cause: jiff::Error| {
        Complaint::new(at.clone(), format!("`last_day` must be a day like 2026-01-31, not `{written}`"))
    })?;
    let keep_days = match inner.text("keep_days")? {
        None => DEFAULT_KEEP_DAYS,
        Some(text) => text
            .parse()
            .ok()
            .filter(|days| (1..=36_525).contains(days))
            .ok_or_else(|| Complaint::new(at, "`keep_days` must be a number of days from 1 to 36525"))?,
    };
    Ok(Some(Timeline { last_day, keep_days }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{FieldSource, Reject};

    fn complaint(text: &str) -> (usize, String) {
        let complaint = parse_pack(text).unwrap_err();
        (line_of(text, complaint.at.start), complaint.message)
    }

    #[test]
    fn a_whole_pack_is_read() {
        let pack = parse_pack(
            r#"
            city = "海门区"
            division_code = "320614"
            crs = "cgcs2000"
            exclusive = "replace"
            synthetic = true
            [timeline]
            last_day = "2025-12-31"
            [[source]]
            collection = "town"
            file = "towns.csv"
            key = "ID"
            reject = "rows"
            where = { status = ["open", "!closed"] }
            [source.fields]
            name = "NAME"
            kind = { value = "town" }
            geom = { lon = "x", lat = "y" }
            [source.values.kind]
            "1" = "town"
            "#,
        )
        .unwrap();
        assert_eq!(pack.city, "海门区");
        let source = &pack.sources[0];
        assert_eq!(source.crs, Some(Crs::Cgcs2000));
        assert_eq!(source.mapping.reject, Reject::Rows);
        assert_eq!(source.mapping.fields["code"], FieldSource::Column("ID".to_owned()));
        assert_eq!(source.mapping.fields["kind"], FieldSource::Constant("town".to_owned()));
        assert_eq!(source.mapping.values["kind"]["1"], "town");
        assert_eq!(source.mapping.filters[0].none_of, ["closed"]);
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_what_is_allowed() {
        for (text, line, said) in [
            ("city = 'a'\ncolour = 'b'\n", 2, "known keys: city, division_code"),
            ("city = 'a'\n[[source]]\ncollection = 'houses'\nfile = 'x.csv'", 3, "building"),
            (
                "city = 'a'\n[[source]]\ncollection = 'town'\nfile = 'x.csv'\n[source.fields]\nnmae = 'N'",
                6,
                "name",
            ),
            ("city = 'a'\n[[source]]\ncollection = 'town'\nfile = 'x.csv'\ncrs = 'utm'", 5, "epsg:NNNN"),
            ("city = 'a'\n[[source]]\ncollection = 'town'\nfile = 'x.csv'\nformat = 'xls'", 5, "geojson"),
            ("city = 'a'\n[[source]\n", 2, ""),
            ("city = 'a'\n", 1, "no [[source]]"),
        ] {
            let (found_line, message) = complaint(text);
            assert_eq!(found_line, line, "{text}: {message}");
            assert!(message.contains(said), "{text}: {message}");
        }
    }
}
