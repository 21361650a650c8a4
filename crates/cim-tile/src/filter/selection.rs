//! The rows that one request chooses, as a source of tiles that hands over no others.

use cim_mirror::{Row, WorldBox};
use cim_model::FieldType;

use super::compile::{Names, compile};
use super::reading::Reading;
use super::row_test::{RowTest, Verdicts};
use super::{DatetimeError, Filter, FilterError, SelectionError, TimeSpan, ValueKind};
use crate::TileSource;
use crate::definition::{LayerSource, LayerTime, Tileset};
use crate::work::is_open;

/// A filter and a time, checked against a tileset and made ready for its rows. What a tileset works out from many rows,
/// counts by grid for example, has no place in it: its layers show nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    sources: Vec<(LayerSource, SourceTest)>,
}

#[derive(Debug, Clone, PartialEq)]
struct SourceTest {
    filter: Option<RowTest>,
    time: Option<(TimePlaces, TimeSpan)>,
}

/// Where a row's times stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TimePlaces {
    began: usize,
    ended: Option<usize>,
    state: Option<usize>,
}

/// A source of tiles that hands over the chosen rows only.
pub struct Selected<'a> {
    selection: &'a Selection,
    source: &'a dyn TileSource,
}

impl Tileset {
    /// What a request chooses of this tileset; none when it chooses nothing.
    pub fn select(
        &self,
        filter: Option<&Filter>,
        span: Option<TimeSpan>,
    ) -> Result<Option<Selection>, SelectionError> {
        if filter.is_none() && span.is_none() {
            return Ok(None);
        }
        if filter.is_some() && self.filter.is_empty() {
            return Err(FilterError::NotAllowed { tileset: self.name.clone() }.into());
        }
        if span.is_some() && !self.takes_datetime() {
            return Err(self.no_datetime().into());
        }
        let mut sources: Vec<(LayerSource, SourceTest)> = Vec::new();
        for layer in self.layers.iter().filter(|layer| layer.source.is_collection()) {
            if sources.iter().all(|(source, _)| *source != layer.source) {
                sources.push((layer.source, self.source_test(layer.source, filter, span)?));
            }
        }
        Ok(Some(Selection { sources }))
    }

    fn no_datetime(&self) -> DatetimeError {
        if self.shows_boundaries() {
            DatetimeError::BoundariesAreOfOneMoment
        } else {
            DatetimeError::NotAllowed { tileset: self.name.clone() }
        }
    }

    fn source_test(
        &self,
        source: LayerSource,
        filter: Option<&Filter>,
        span: Option<TimeSpan>,
    ) -> Result<SourceTest, FilterError> {
        let names = SourceNames { tileset: self, source };
        let filter = filter.map(|filter| compile(&filter.0, &names)).transpose()?;
        let time = self.layers_of(source).find_map(|layer| layer.time.as_ref());
        let time = time.and_then(|time| TimePlaces::of(source, time)).zip(span);
        Ok(SourceTest { filter, time })
    }

    fn layers_of(&self, source: LayerSource) -> impl Iterator<Item = &crate::Layer> {
        self.layers.iter().filter(move |layer| layer.source == source)
    }
}

/// What names mean for the rows of one source of a tileset.
struct SourceNames<'a> {
    tileset: &'a Tileset,
    source: LayerSource,
}

impl Names for SourceNames<'_> {
    fn kind(&self, name: &str) -> Result<ValueKind, FilterError> {
        let is_listed = self.tileset.filter.iter().any(|listed| listed == name);
        let queryable = self.tileset.queryable(name).filter(|_| is_listed);
        queryable.map(|queryable| queryable.kind).ok_or_else(|| FilterError::NotQueryable {
            name: name.chars().take(60).collect(),
            queryable: self.tileset.filter.clone(),
        })
    }

    fn reading(&self, name: &str) -> Reading {
        Reading::of(self.source, self.tileset.layers_of(self.source), name)
    }
}

impl TimePlaces {
    fn of(source: LayerSource, time: &LayerTime) -> Option<Self> {
        let fields = source.fields();
        let place = |name: &str| fields.iter().position(|field| field.name == name);
        let time_place =
            |name: &str| place(name).filter(|place| fields[*place].field_type == FieldType::Time);
        Some(Self {
            began: time_place(&time.began)?,
            ended: time.ended.as_deref().and_then(time_place),
            state: place("state"),
        })
    }

    fn admits(self, row: Row<'_>, span: TimeSpan) -> bool {
        let Some(began) = row.int(self.began) else { return false };
        let ended = self.ended.and_then(|place| row.int(place));
        let is_done = || self.ended.and(self.state).is_some_and(|place| !is_open(row.text(place)));
        span.meets(began, ended.or_else(|| is_done().then_some(began)))
    }
}

impl SourceTest {
    fn admits<'a>(&self, row: Row<'a>, now_ms: i64, verdicts: &mut Verdicts<'a>) -> bool {
        self.time.is_none_or(|(places, span)| places.admits(row, span))
            && self.filter.as_ref().is_none_or(|test| test.verdict(row, now_ms, verdicts) == Some(true))
    }
}

impl Selection {
    /// The chosen rows of a source, for the renderer.
    #[must_use]
    pub fn of<'a>(&'a self, source: &'a dyn TileSource) -> Selected<'a> {
        Selected { selection: self, source }
    }
}

impl TileSource for Selected<'_> {
    fn rows<'a>(&'a self, source: LayerSource, zoom: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        let tested = self.selection.sources.iter().find(|(known, _)| *known == source);
        let Some((_, test)) = tested else { return };
        let now_ms = self.now_ms();
        let mut verdicts = Verdicts::default();
        self.source.rows(source, zoom, bounds, &mut |row| {
            if test.admits(row, now_ms, &mut verdicts) {
                take(row);
            }
        });
    }

    fn now_ms(&self) -> i64 {
        self.source.now_ms()
    }
}
