//! Reads the coordinate system out of a `.prj` text (WKT 1 as ESRI and GDAL write it, or WKT 2 with an EPSG id).

use crate::transverse_mercator::{Ellipsoid, Zone};
use crate::wkt::{WktNode, parse};
use crate::{Crs, CrsError};

/// What a `.prj` text turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PrjSystem {
    Known(Crs),
    TransverseMercator { name: String, zone: Zone },
    Proj { name: String, definition: String },
}

impl Crs {
    /// The system that a `.prj` text names, when it has a number of its own; `Transform::from_prj` reads more.
    pub fn from_wkt_prj(text: &str) -> Result<Self, CrsError> {
        match read(text)? {
            PrjSystem::Known(crs) => Ok(crs),
            PrjSystem::TransverseMercator { name, .. } | PrjSystem::Proj { name, .. } => {
                Err(CrsError::Unsupported {
                    system: name,
                    reason: "its text gives parameters and no EPSG number".to_owned(),
                })
            }
        }
    }
}

/// Datums within two metres of CGCS2000. Others need a shift that the text does not hold.
const SAME_DATUM: [&str; 9] = [
    "wgs1984",
    "wgs84",
    "china2000",
    "cgcs2000",
    "chinageodeticcoordinatesystem2000",
    "northamerican1983",
    "northamericandatum1983",
    "etrs1989",
    "europeanterrestrialreferencesystem1989",
];

pub(crate) fn read(text: &str) -> Result<PrjSystem, CrsError> {
    let root = parse(text).map_err(CrsError::UnreadablePrj)?;
    if let Some(number) = root.epsg() {
        return Ok(PrjSystem::Known(Crs::from_epsg(number)));
    }
    let name = root.name().unwrap_or("unnamed").to_owned();
    match root.keyword.as_str() {
        "GEOGCS" | "GEOGCRS" | "GEODCRS" => geographic(&root, name),
        "PROJCS" | "PROJCRS" => projected(&root, name),
        other => Err(CrsError::UnreadablePrj(format!("it begins with {other}"))),
    }
}

fn geographic(root: &WktNode, name: String) -> Result<PrjSystem, CrsError> {
    check_datum(root, &name)?;
    let plain = plain(&name);
    let crs = if plain.contains("china") || plain.contains("cgcs2000") { Crs::Cgcs2000 } else { Crs::Wgs84 };
    match root.child("UNIT").and_then(|unit| unit.number(0)) {
        Some(unit) if (unit - 1f64.to_radians()).abs() > 1e-9 => {
            Err(CrsError::Unsupported { system: name, reason: "its unit is not the degree".to_owned() })
        }
        _ => Ok(PrjSystem::Known(crs)),
    }
}

fn projected(root: &WktNode, name: String) -> Result<PrjSystem, CrsError> {
    if plain(&name).contains("webmercator") || plain(&name).contains("pseudomercator") {
        return Ok(PrjSystem::Known(Crs::Epsg(3857)));
    }
    let unsupported =
        |reason: &str| CrsError::Unsupported { system: name.clone(), reason: reason.to_owned() };
    let geographic = root.child("GEOGCS").ok_or_else(|| unsupported("it has no GEOGCS part"))?;
    check_datum(geographic, &name)?;
    let spheroid = geographic
        .child("DATUM")
        .and_then(|datum| datum.child("SPHEROID"))
        .ok_or_else(|| unsupported("it has no SPHEROID part"))?;
    let (Some(semi_major_m), Some(inverse_flattening)) = (spheroid.number(0), spheroid.number(1)) else {
        return Err(unsupported("its SPHEROID part has no numbers"));
    };
    if geographic.child("PRIMEM").and_then(|meridian| meridian.number(0)).unwrap_or(0.0) != 0.0 {
        return Err(unsupported("its prime meridian is not Greenwich"));
    }
    let metres_per_unit = root.child("UNIT").and_then(|unit| unit.number(0)).unwrap_or(1.0);
    let projection = root.child("PROJECTION").and_then(WktNode::name).map(plain).unwrap_or_default();
    let get = |parameter: &str| root.parameter(parameter);
    match projection.as_str() {
        "transversemercator" | "gausskruger" => {
            let zone = Zone {
                ellipsoid: Ellipsoid {
                    semi_major_m,
                    flattening: if inverse_flattening == 0.0 { 0.0 } else { inverse_flattening.recip() },
                },
                central_meridian_deg: get("centralmeridian")
                    .ok_or_else(|| unsupported("it has no central meridian"))?,
                latitude_of_origin_deg: get("latitudeoforigin").unwrap_or(0.0),
                scale: get("scalefactor").unwrap_or(1.0),
                false_easting: get("falseeasting").unwrap_or(0.0),
                false_northing: get("falsenorthing").unwrap_or(0.0),
                metres_per_unit,
            };
            Ok(known_zone(&zone).unwrap_or(PrjSystem::TransverseMercator { name, zone }))
        }
        "lambertconformalconic"
        | "lambertconformalconic2sp"
        | "lambertconformalconic1sp"
        | "albers"
        | "albersconicequalarea" => {
            let method = if projection.starts_with("albers") { "aea" } else { "lcc" };
            let definition =
                conic_definition(method, root, semi_major_m, inverse_flattening, metres_per_unit)
                    .ok_or_else(|| unsupported("it has no central meridian or standard parallel"))?;
            Ok(PrjSystem::Proj { name, definition })
        }
        other => Err(unsupported(&format!("projection {other}"))),
    }
}

/// The EPSG number of a CGCS2000 zone that is given by its parameters, as ESRI's texts do.
fn known_zone(zone: &Zone) -> Option<PrjSystem> {
    let same = |number: &u32| {
        crate::gauss_kruger::zone(*number).is_some_and(|known| {
            // The nearest widths differ in the fourth digit of the flattening: GRS 80 and CGCS2000 share it.
            (known.ellipsoid.flattening - zone.ellipsoid.flattening).abs() < 1e-12
                && Zone { ellipsoid: known.ellipsoid, ..*zone } == known
        })
    };
    // The three-degree number is the commoner one where both series have the meridian.
    (4513..=4554).chain(4491..=4512).find(same).map(|number| PrjSystem::Known(Crs::Epsg(number)))
}

fn conic_definition(
    method: &str,
    root: &WktNode,
    semi_major_m: f64,
    inverse_flattening: f64,
    metres_per_unit: f64,
) -> Option<String> {
    let get = |parameter: &str| root.parameter(parameter);
    let origin = get("latitudeoforigin").or_else(|| get("latitudeofcenter")).unwrap_or(0.0);
    let first = get("standardparallel1").unwrap_or(origin);
    let second = get("standardparallel2").unwrap_or(first);
    let meridian = get("centralmeridian").or_else(|| get("longitudeofcenter"))?;
    let scale = get("scalefactor").unwrap_or(1.0);
    // False offsets are in the units of the text, and always in metres in a proj string.
    let easting_m = get("falseeasting").unwrap_or(0.0) * metres_per_unit;
    let northing_m = get("falsenorthing").unwrap_or(0.0) * metres_per_unit;
    Some(format!(
        "+proj={method} +lat_0={origin} +lon_0={meridian} +lat_1={first} +lat_2={second} +k_0={scale} \
         +x_0={easting_m} +y_0={northing_m} +a={semi_major_m} +rf={inverse_flattening} +towgs84=0,0,0 \
         +to_meter={metres_per_unit} +no_defs"
    ))
}

fn check_datum(geographic: &WktNode, name: &str) -> Result<(), CrsError> {
    let datum = geographic.child("DATUM").and_then(WktNode::name).unwrap_or_default();
    let plain_datum = plain(datum);
    let core = plain_datum.strip_prefix('d').filter(|_| datum.starts_with("D_")).unwrap_or(&plain_datum);
    if SAME_DATUM.contains(&core) || core.starts_with("northamerican1983") {
        Ok(())
    } else {
        Err(CrsError::Unsupported {
            system: name.to_owned(),
            reason: format!("the shift of its datum {datum} is not in the text"),
        })
    }
}

/// A name without case, spaces and underscores: ESRI and GDAL write the same names differently.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
