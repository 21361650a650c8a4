//! Reading a written city pack into a gazetteer.

use std::path::Path;

use cim_crs::{LonLat, near_distance_m};
use cim_locate::{
    AddressEntry, GazetteerBuilder, KeyPlaceEntry, PlaceEntry, RoadEntry, UnitEntry, WaterEntry,
};
use cim_model::Collection;

/// The rows of a collection, with access by column.
pub(crate) struct Sheet {
    columns: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Sheet {
    pub(crate) fn read(dir: &Path, collection: &str) -> Self {
        let mut reader = csv::Reader::from_path(dir.join(format!("{collection}.csv"))).unwrap();
        let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
        Self { columns, rows: reader.records().map(Result::unwrap).collect() }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { columns: &self.columns, record })
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    columns: &'a [String],
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    pub(crate) fn get(self, column: &str) -> &'a str {
        let at = self.columns.iter().position(|name| name == column).unwrap();
        &self.record[at]
    }

    pub(crate) fn filled(self, column: &str) -> Option<&'a str> {
        Some(self.get(column)).filter(|value| !value.is_empty())
    }

    /// Every list of positions in the geometry.
    pub(crate) fn paths(self) -> Vec<Vec<LonLat>> {
        let lists = self.get("geom").split(')').filter_map(|part| part.rsplit('(').next());
        lists.map(path).filter(|path| !path.is_empty()).collect()
    }

    pub(crate) fn at(self) -> LonLat {
        self.paths()[0][0]
    }
}

fn path(list: &str) -> Vec<LonLat> {
    list.split(',')
        .filter_map(|pair| {
            let (lon, lat) = pair.trim().split_once(' ')?;
            Some(LonLat { lon: lon.parse().ok()?, lat: lat.parse().ok()? })
        })
        .collect()
}

/// Everything of a pack that texts may name.
pub(crate) fn builder(dir: &Path, addresses: &Sheet) -> GazetteerBuilder {
    let mut builder = GazetteerBuilder::new();
    add_all(&mut builder, dir, &|_| true, &|_| true, addresses);
    builder
}

/// The addresses and the names of roads and places that are wanted, and all units and waters.
pub(crate) fn add_all(
    builder: &mut GazetteerBuilder,
    dir: &Path,
    wants_address: &dyn Fn(Row<'_>) -> bool,
    wants_name: &dyn Fn(&str) -> bool,
    addresses: &Sheet,
) {
    add_units(builder, dir, Collection::District, None);
    add_units(builder, dir, Collection::Town, Some("parent_code"));
    add_units(builder, dir, Collection::Village, Some("parent_code"));
    for row in addresses.rows().filter(|row| wants_address(*row)) {
        builder.add_address(&address(row));
    }
    for row in Sheet::read(dir, "road").rows().filter(|row| wants_name(row.get("name"))) {
        let entry = RoadEntry { code: row.get("code"), name: row.get("name"), lines: row.paths() };
        builder.add_road(&entry);
    }
    for row in Sheet::read(dir, "water").rows() {
        builder.add_water(&WaterEntry { name: row.get("name"), lines_or_rings: row.paths() });
    }
    for row in Sheet::read(dir, "place").rows().filter(|row| wants_name(row.get("name"))) {
        let (code, name, kind) = (row.get("code"), row.get("name"), row.get("kind"));
        builder.add_place(&PlaceEntry { code, name, kind, at: row.at() });
    }
    for row in Sheet::read(dir, "key_place").rows().filter(|row| wants_name(row.get("name"))) {
        let (code, name, kind) = (row.get("code"), row.get("name"), row.get("kind"));
        builder.add_key_place(&KeyPlaceEntry { code, name, kind, at: row.at() });
    }
}

fn add_units(builder: &mut GazetteerBuilder, dir: &Path, level: Collection, parent: Option<&str>) {
    for row in Sheet::read(dir, level.name()).rows() {
        let points: Vec<LonLat> = row.paths().concat();
        let count = points.len() as f64;
        let at = LonLat {
            lon: points.iter().map(|at| at.lon).sum::<f64>() / count,
            lat: points.iter().map(|at| at.lat).sum::<f64>() / count,
        };
        let radius_m = points.iter().map(|&point| near_distance_m(at, point)).fold(0.0, f64::max);
        builder.add_unit(&UnitEntry {
            level,
            code: row.get("code"),
            name: row.get("name"),
            aliases: Vec::new(),
            parent_code: parent.and_then(|column| row.filled(column)),
            at,
            radius_m,
        });
    }
}

pub(crate) fn address(row: Row<'_>) -> AddressEntry<'_> {
    AddressEntry {
        code: row.get("code"),
        full_text: row.get("full_text"),
        town_name: row.filled("town_name"),
        village_name: row.filled("village_name"),
        road_name: row.filled("road_name"),
        group_name: row.filled("group_name"),
        number: row.filled("number"),
        estate_name: row.filled("estate_name"),
        building_no: row.filled("building_no"),
        unit_no: row.filled("unit_no"),
        building_code: row.filled("building_code"),
        aliases: row.filled("aliases").map(|list| list.split(';').collect()).unwrap_or_default(),
        at: row.at(),
    }
}
