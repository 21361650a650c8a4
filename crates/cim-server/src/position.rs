//! Where a request means: numbers and the name of their coordinate system, made into one checked position.

use cim_crs::{Crs, LonLat, Transform};

use crate::language::Words;
use crate::params::{FromParams, Params};
use crate::problem::ApiError;

/// The system of a body's coordinates, named by `crs`.
pub(crate) struct System(pub(crate) Transform);

impl FromParams for System {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        Ok(Self(transform(params, "crs")?))
    }
}

/// Reads `lon`, `lat` and `crs`.
pub(crate) fn position(params: &mut Params) -> Result<LonLat, ApiError> {
    let lon: f64 = params.required("lon", degrees())?;
    let lat: f64 = params.required("lat", degrees())?;
    let transform = transform(params, "crs")?;
    place(&transform, lon, lat).map_err(|words| {
        // The one that is at fault is named; where both or neither can be told, the first.
        let lat_alone = lon.abs() <= 180.0 && (lat.is_nan() || lat.abs() > 90.0);
        let (name, given) = if lat_alone { ("lat", lat) } else { ("lon", lon) };
        ApiError::bad_parameter(name, &given.to_string(), words)
    })
}

/// Reads the name of a coordinate system.
pub(crate) fn transform(params: &mut Params, name: &'static str) -> Result<Transform, ApiError> {
    let Some(text) = params.text(name) else { return wgs84(name) };
    named(&text).map_err(|expected| ApiError::bad_parameter(name, &text, expected))
}

/// A coordinate system by its name, or what would be right instead.
pub(crate) fn named(text: &str) -> Result<Transform, Words> {
    let expected = |error: &dyn std::fmt::Display| {
        Words::new(error.to_string(), "可用 wgs84、cgcs2000、gcj02、bd09 或 epsg:NNNN".to_owned())
    };
    let crs: Crs = text.parse().map_err(|error| expected(&error))?;
    Transform::new(crs).map_err(|error| expected(&error))
}

/// The position of two numbers in a system, or why they are none.
pub(crate) fn place(transform: &Transform, x: f64, y: f64) -> Result<LonLat, Words> {
    transform
        .to_lonlat(x, y)
        .map_err(|error| Words::new(error.to_string(), format!("坐标 ({x}, {y}) 在该坐标系中无效")))
}

/// A position in the system of an answer.
pub(crate) fn in_system(place: LonLat, out: &Transform) -> Result<(f64, f64), ApiError> {
    out.from_lonlat(place).map_err(|error| {
        let words = Words::new(error.to_string(), "结果无法用该坐标系表示");
        ApiError::bad_parameter("crs_out", out.name(), words)
    })
}

fn wgs84(name: &'static str) -> Result<Transform, ApiError> {
    Transform::new(Crs::Wgs84).map_err(|error| {
        ApiError::bad_parameter(name, "wgs84", Words::new(error.to_string(), "无法使用该坐标系"))
    })
}

fn degrees() -> Words {
    Words::new(
        "give a number in the units of crs, by default degrees",
        "请给出数字，单位由 crs 决定，默认为度",
    )
}
