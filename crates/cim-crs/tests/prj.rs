//! Coordinate systems read from the text beside a Shapefile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_crs::{Crs, CrsError, LonLat, Transform, distance_m};

/// The text of the street file of Syracuse, whose authors named no EPSG number.
const NEW_YORK_CENTRAL: &str = r#"PROJCS["NAD_1983_StatePlane_New_York_Central_FIPS_3102_Feet",GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",820208.3333333333],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-76.58333333333333],PARAMETER["Scale_Factor",0.9999375],PARAMETER["Latitude_Of_Origin",40.0],UNIT["Foot_US",0.3048006096012192]]"#;

/// California zone 5, with the numbers of ESRI's own definition.
const CALIFORNIA_5: &str = r#"PROJCS["NAD_1983_StatePlane_California_V_FIPS_0405_Feet",GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",6561666.666666666],PARAMETER["False_Northing",1640416.666666667],PARAMETER["Central_Meridian",-118.0],PARAMETER["Standard_Parallel_1",34.03333333333333],PARAMETER["Standard_Parallel_2",35.46666666666667],PARAMETER["Latitude_Of_Origin",33.5],UNIT["Foot_US",0.3048006096012192]]"#;

fn check(prj: &str, xy: (f64, f64), expected: (f64, f64)) {
    let transform = Transform::from_prj(prj).unwrap();
    let found = transform.to_lonlat(xy.0, xy.1).unwrap();
    let expected = LonLat::new(expected.0, expected.1).unwrap();
    assert!(distance_m(found, expected) < 0.001, "{found:?} is not {expected:?}");
}

#[test]
fn a_state_plane_in_us_feet_is_read_from_its_parameters() {
    // pyproj 3.7.2 from the same text.
    check(NEW_YORK_CENTRAL, (936_000.0, 1_112_000.0), (-76.150_117_431_842_42, 43.051_105_887_425_22));
}

#[test]
fn a_lambert_cone_in_us_feet_is_read_from_its_parameters() {
    check(CALIFORNIA_5, (6_488_965.863_769_197, 1_840_664.934_473_929), (-118.24, 34.05));
}

#[test]
fn common_texts_are_recognised() {
    let geographic = |name: &str, datum: &str| {
        format!(
            r#"GEOGCS["{name}",DATUM["{datum}",SPHEROID["x",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#
        )
    };
    let wgs84 = geographic("GCS_WGS_1984", "D_WGS_1984");
    let china = geographic("GCS_China_Geodetic_Coordinate_System_2000", "D_China_2000");
    let mercator = format!(
        r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",{wgs84},PROJECTION["Mercator_Auxiliary_Sphere"],UNIT["Meter",1.0]]"#
    );
    let zone = |easting: f64, meridian: f64| {
        format!(
            r#"PROJCS["CGCS2000_3_Degree_GK",{china},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian:.1}],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        )
    };
    for (text, crs) in [
        (wgs84.clone(), Crs::Wgs84),
        (china.clone(), Crs::Cgcs2000),
        (mercator, Crs::Epsg(3857)),
        (zone(500_000.0, 120.0), Crs::Epsg(4549)),
        (zone(40_500_000.0, 120.0), Crs::Epsg(4528)),
        (zone(20_500_000.0, 117.0), Crs::Epsg(4498)),
        (
            r#"PROJCS["CGCS2000 / 3-degree Gauss-Kruger CM 123E",AUTHORITY["EPSG","4550"]]"#.to_owned(),
            Crs::Epsg(4550),
        ),
        (r#"PROJCRS["x",BASEGEOGCRS["y"],ID["EPSG",4549]]"#.to_owned(), Crs::Epsg(4549)),
    ] {
        assert_eq!(Crs::from_wkt_prj(&text), Ok(crs), "{text}");
    }
}

#[test]
fn a_datum_that_needs_an_unknown_shift_is_refused() {
    let beijing = NEW_YORK_CENTRAL.replace("D_North_American_1983", "D_Beijing_1954");
    assert!(matches!(Transform::from_prj(&beijing), Err(CrsError::Unsupported { .. })));
}

#[test]
fn a_text_that_is_no_system_is_refused() {
    for text in
        ["", "PROJCS", "PROJCS[", "PROJCS[\"x", "hello[\"x\"]", "PROJCS[\"x\",1.2.3]", &"A[".repeat(1_000)]
    {
        assert!(Transform::from_prj(text).is_err(), "{text}");
    }
}

#[test]
fn a_name_that_no_database_can_hold_is_refused() {
    let text = NEW_YORK_CENTRAL.replace("NAD_1983_State", "NAD\0State");
    assert!(matches!(Transform::from_prj(&text), Err(CrsError::UnreadablePrj(_))));
}
