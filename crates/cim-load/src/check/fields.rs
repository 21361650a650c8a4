//! The plan by which source cells become a record: made once a file, followed for every row.

use std::collections::{BTreeMap, HashMap};

use cim_model::{CollectionSpec, FieldType, Value};

use super::values::{TimeReading, of_text};
use crate::pack::{FieldSource, Filter, Format, Mapping};
use crate::row::{Cell, Refusal};

/// Columns that hold well-known text in a table without a geometry of its own.
const WKT_COLUMNS: [&str; 3] = ["geom", "wkt", "WKT"];
const POINT_COLUMNS: [(&str, &str); 2] = [("lon", "lat"), ("longitude", "latitude")];

/// A column that the plan reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    /// Whether the pack names it: such a column must be there.
    pub(crate) named: bool,
}

/// Where one field's value comes from, columns by their place among the wanted.
#[derive(Debug)]
pub(super) enum From {
    Nothing,
    Cell(usize),
    Constant(Value),
    Joined(Vec<usize>, String),
    Counted(usize, HashMap<String, u32>),
    RowNumber(String),
}

/// How the geometry is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GeometryFrom {
    /// The file's own.
    File,
    /// The first of these columns that holds text.
    Text(Vec<usize>),
    /// The first of these pairs of columns that holds numbers, after any text column.
    Columns { text: Vec<usize>, points: Vec<(usize, usize)> },
}

#[derive(Debug)]
pub(super) struct Plan {
    pub(super) wanted: Vec<Wanted>,
    pub(super) fields: Vec<From>,
    pub(super) geometry: GeometryFrom,
    pub(super) values: Vec<Option<BTreeMap<String, String>>>,
    pub(super) filters: Vec<(usize, Filter)>,
}

impl Plan {
    pub(super) fn new(
        spec: &CollectionSpec,
        mapping: &Mapping,
        format: Format,
        times: &TimeReading,
    ) -> Result<Self, Refusal> {
        let mut plan = Self {
            wanted: Vec::new(),
            fields: Vec::new(),
            geometry: GeometryFrom::File,
            values: Vec::new(),
            filters: Vec::new(),
        };
        for field in spec.fields {
            let source = mapping.fields.get(field.name);
            let from = if field.field_type == FieldType::Geometry {
                plan.geometry = plan.geometry_source(source, format);
                From::Nothing
            } else {
                plan.field_source(field.name, source, field.field_type, times)?
            };
            plan.fields.push(from);
            plan.values.push(mapping.values.get(field.name).cloned());
        }
        for filter in &mapping.filters {
            let place = plan.want(&filter.column, true);
            plan.filters.push((place, filter.clone()));
        }
        Ok(plan)
    }

    fn want(&mut self, name: &str, named: bool) -> usize {
        if let Some(place) = self.wanted.iter().position(|wanted| wanted.name == name) {
            self.wanted[place].named |= named;
            return place;
        }
        self.wanted.push(Wanted { name: name.to_owned(), named });
        self.wanted.len() - 1
    }

    fn field_source(
        &mut self,
        field: &str,
        source: Option<&FieldSource>,
        field_type: FieldType,
        times: &TimeReading,
    ) -> Result<From, Refusal> {
        Ok(match source {
            None => From::Cell(self.want(field, false)),
            Some(FieldSource::Column(column)) => From::Cell(self.want(column, true)),
            Some(FieldSource::Constant(text)) if text.is_empty() => From::Nothing,
            Some(FieldSource::Constant(text)) => match of_text(text, field_type, times) {
                Ok(value) => From::Constant(value),
                Err((rule, message)) => {
                    return Err(
                        Refusal::new(rule, format!("the constant of `{field}`: {message}")).with_value(text)
                    );
                }
            },
            Some(FieldSource::Joined { columns, join }) => {
                let places = columns.iter().map(|column| self.want(column, true)).collect();
                From::Joined(places, join.clone())
            }
            Some(FieldSource::CountedRepeats(column)) => {
                From::Counted(self.want(column, true), HashMap::new())
            }
            Some(FieldSource::RowNumber { prefix }) => From::RowNumber(prefix.clone()),
            Some(FieldSource::Point { .. }) => {
                let message = format!("`{field}` cannot come from lon and lat: only geom can");
                return Err(Refusal::new("mapping", message));
            }
        })
    }

    fn geometry_source(&mut self, source: Option<&FieldSource>, format: Format) -> GeometryFrom {
        match source {
            Some(FieldSource::Point { lon, lat }) => {
                let pair = (self.want(lon, true), self.want(lat, true));
                GeometryFrom::Columns { text: Vec::new(), points: vec![pair] }
            }
            Some(FieldSource::Column(column)) => GeometryFrom::Text(vec![self.want(column, true)]),
            _ if matches!(format, Format::Csv | Format::Tsv | Format::Xlsx) => GeometryFrom::Columns {
                text: WKT_COLUMNS.iter().map(|name| self.want(name, false)).collect(),
                points: POINT_COLUMNS
                    .iter()
                    .map(|(lon, lat)| (self.want(lon, false), self.want(lat, false)))
                    .collect(),
            },
            _ => GeometryFrom::File,
        }
    }

    /// Refuses a file that lacks a column which the pack names, or which a required field needs.
    pub(super) fn check_columns(&self, spec: &CollectionSpec, available: &[String]) -> Result<(), Refusal> {
        let shown = || available.iter().take(60).map(String::as_str).collect::<Vec<_>>().join(", ");
        if let Some(missing) =
            self.wanted.iter().find(|wanted| wanted.named && !available.contains(&wanted.name))
        {
            let message = format!("the file has no column `{}`; its columns: {}", missing.name, shown());
            return Err(Refusal::new("column_missing", message));
        }
        for (field, from) in spec.fields.iter().zip(&self.fields) {
            if let From::Cell(place) = from
                && field.required
                && !derived(field.name)
                && !available.contains(&self.wanted[*place].name)
            {
                let message = format!(
                    "the required field `{}` has no column: map one in [source.fields]; the file's columns: {}",
                    field.name,
                    shown()
                );
                return Err(Refusal::new("column_missing", message));
            }
        }
        Ok(())
    }

    /// Whether the filters let a row through.
    pub(super) fn admits(&self, cells: &[Cell<'_>]) -> bool {
        self.filters.iter().all(|(place, filter)| {
            let text = cells[*place].as_text();
            admits_text(filter, text.as_deref())
        })
    }
}

/// Whether a filter lets a value through.
pub(crate) fn admits_text(filter: &Filter, text: Option<&str>) -> bool {
    let is = |pattern: &String| text.is_some_and(|text| pattern == "*" || pattern == text);
    (filter.any_of.is_empty() || filter.any_of.iter().any(is)) && !filter.none_of.iter().any(is)
}

/// Fields that are worked out where the source does not say them.
fn derived(field: &str) -> bool {
    field == "location_state"
}
