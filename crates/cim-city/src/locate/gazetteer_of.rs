//! A gazetteer made of one version of the city.

use cim_crs::LonLat;
use cim_locate::{
    AddressEntry, Gazetteer, GazetteerBuilder, KeyPlaceEntry, PlaceEntry, RoadEntry, UnitEntry, WaterEntry,
    old_names,
};
use cim_mirror::{Row, middle};
use cim_model::{Collection, Value};

use crate::version::Version;

/// The collections that a gazetteer is made of.
pub(super) const SOURCES: &[Collection] = &[
    Collection::Address,
    Collection::Road,
    Collection::Water,
    Collection::Place,
    Collection::KeyPlace,
    Collection::District,
    Collection::Town,
    Collection::Village,
];

/// Reads all names of a version. Takes a second or two for a district: not for the path of a request.
pub(super) fn gazetteer_of(version: &Version) -> Gazetteer {
    let mut builder = GazetteerBuilder::new();
    for row in version.view(Collection::Address).rows() {
        add_address(&mut builder, row);
    }
    for row in version.view(Collection::Road).rows() {
        if let Some((name, code)) = row.text_of("name").zip(row.text_of("code")) {
            builder.add_road(&RoadEntry { code, name, lines: lines(row) });
        }
    }
    for row in version.view(Collection::Water).rows() {
        if let Some(name) = row.text_of("name") {
            builder.add_water(&WaterEntry { name, lines_or_rings: lines(row) });
        }
    }
    for row in version.view(Collection::Place).rows() {
        if let Some((code, name, kind, at)) = named(row) {
            builder.add_place(&PlaceEntry { code, name, kind, at });
        }
    }
    for row in version.view(Collection::KeyPlace).rows() {
        if let Some((code, name, kind, at)) = named(row) {
            builder.add_key_place(&KeyPlaceEntry { code, name, kind, at });
        }
    }
    for level in [Collection::District, Collection::Town, Collection::Village] {
        for row in version.view(level).rows() {
            add_unit(&mut builder, level, row);
        }
    }
    builder.finish()
}

fn add_address(builder: &mut GazetteerBuilder, row: Row<'_>) {
    let Some(((code, full_text), at)) = row.text_of("code").zip(row.text_of("full_text")).zip(place(row))
    else {
        return;
    };
    let aliases = match row.value_of("aliases") {
        Value::Texts(aliases) => aliases,
        _ => Vec::new(),
    };
    builder.add_address(&AddressEntry {
        code,
        full_text,
        town_name: row.text_of("town_name"),
        village_name: row.text_of("village_name"),
        road_name: row.text_of("road_name"),
        group_name: row.text_of("group_name"),
        number: row.text_of("number"),
        estate_name: row.text_of("estate_name"),
        building_no: row.text_of("building_no"),
        unit_no: row.text_of("unit_no"),
        building_code: row.text_of("building_code"),
        aliases: aliases.iter().map(String::as_str).collect(),
        at,
    });
}

fn add_unit(builder: &mut GazetteerBuilder, level: Collection, row: Row<'_>) {
    let Some((code, name)) = row.text_of("code").zip(row.text_of("name")) else { return };
    let Some(at) = place(row) else { return };
    builder.add_unit(&UnitEntry {
        level,
        code,
        name,
        aliases: old_names(code),
        parent_code: row.text_of("parent_code"),
        at,
        // Measured from its addresses, which say where people live, not where its ground reaches.
        radius_m: 0.0,
    });
}

fn place(row: Row<'_>) -> Option<LonLat> {
    middle(row.shape()).map(LonLat::from)
}

fn named(row: Row<'_>) -> Option<(&str, &str, &str, LonLat)> {
    Some((row.text_of("code")?, row.text_of("name")?, row.text_of("kind")?, place(row)?))
}

fn lines(row: Row<'_>) -> Vec<Vec<LonLat>> {
    row.shape().parts().map(|(_, points)| points.iter().map(|point| LonLat::from(*point)).collect()).collect()
}
