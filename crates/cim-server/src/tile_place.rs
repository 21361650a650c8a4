//! Which tile an address names, and as what it is to be shown: parsed at the door.

use cim_city::{
    CityError, DatetimeError, Filter, FilterError, MatrixSet, NoSuchPlace, OutsideMatrix, SelectionError,
    TilePlace, TimeSpan,
};
use jiff::Timestamp;

use crate::language::Words;
use crate::params::{FromParams, Params, moment, one_of};
use crate::problem::ApiError;

/// What of a tile is to be shown, and how.
#[derive(Debug, Default)]
pub(crate) struct TileChoice {
    pub(crate) view: TileView,
    pub(crate) filter: Option<Filter>,
    pub(crate) datetime: Option<TimeSpan>,
    pub(crate) known_at: Option<Timestamp>,
}

impl FromParams for TileChoice {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        let view = TileView::from_params(params)?;
        let wrong = |error: SelectionError| ApiError::City(CityError::Selection(error));
        let filter = params.text("filter").map(|text| text.parse()).transpose();
        let datetime = params.text("datetime").map(|text| text.parse()).transpose();
        let known_at = moment(params, "known_at")?;
        Ok(Self {
            view,
            known_at,
            filter: filter.map_err(|error: FilterError| wrong(error.into()))?,
            datetime: datetime.map_err(|error: DatetimeError| wrong(error.into()))?,
        })
    }
}

/// How tiles are to be shown.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct TileView {
    pub(crate) gcj02: bool,
}

impl FromParams for TileView {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        match params.text("crs").as_deref() {
            None | Some("wgs84" | "cgcs2000") => Ok(Self { gcj02: false }),
            Some("gcj02") => Ok(Self { gcj02: true }),
            Some(other) => {
                Err(ApiError::bad_parameter("crs", other, one_of(&["wgs84", "cgcs2000", "gcj02"])))
            }
        }
    }
}

/// A tile in XYZ order: zoom, column, row of Web Mercator.
pub(crate) fn xyz_place(z: &str, x: &str, y: &str, view: TileView) -> Result<TilePlace, ApiError> {
    let (z, x, y) = (number("z", z)?, number("x", x)?, number("y", y)?);
    TilePlace::new(MatrixSet::WebMercatorQuad, z, y, x, view.gcj02).map_err(|problem| match problem {
        NoSuchPlace::Outside(OutsideMatrix { set, .. }) => no_tile(Words::new(
            format!(
                "tile {z}/{x}/{y} lies outside the matrix: zoom is 0 to {}, x and y below 2^zoom",
                set.last_level()
            ),
            format!("瓦片 {z}/{x}/{y} 超出范围：级别为 0 到 {}，x、y 小于 2 的级别次方", set.last_level()),
        )),
        NoSuchPlace::NotInGcj02(set) => not_in_gcj02(set),
    })
}

/// A tile in the order of OGC API Tiles: level, row, column of a matrix set.
pub(crate) fn matrix_place(
    set: &str,
    level: &str,
    row: &str,
    column: &str,
    view: TileView,
) -> Result<TilePlace, ApiError> {
    let set = matrix_set(set)?;
    let (level, row, column) = (number("z", level)?, number("row", row)?, number("col", column)?);
    TilePlace::new(set, level, row, column, view.gcj02).map_err(|problem| match problem {
        NoSuchPlace::Outside(_) => no_tile(outside(set, level, row, column)),
        NoSuchPlace::NotInGcj02(set) => not_in_gcj02(set),
    })
}

/// A matrix set by the name that addresses give it.
pub(crate) fn matrix_set(text: &str) -> Result<MatrixSet, ApiError> {
    text.parse().map_err(|unknown: cim_city::UnknownMatrixSet| ApiError::NoSuchThing {
        what: "tile matrix set",
        remedy: Words::new(
            unknown.to_string(),
            format!("瓦片矩阵集有：{}", MatrixSet::ALL.map(MatrixSet::id).join("、")),
        ),
    })
}

fn number(name: &str, text: &str) -> Result<u32, ApiError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        // A number too large for us is larger than any matrix.
        Ok(text.parse::<u32>().unwrap_or(u32::MAX))
    } else {
        Err(ApiError::bad_parameter(name, text, Words::new("give a whole number", "请给出整数")))
    }
}

fn outside(set: MatrixSet, level: u32, row: u32, column: u32) -> Words {
    let (first, last) = (set.first_level(), set.last_level());
    match u8::try_from(level).ok().filter(|level| (first..=last).contains(level)) {
        Some(known) => {
            let (columns, rows) = set.size(known);
            Words::new(
                format!(
                    "level {level} of {set} has {rows} rows and {columns} columns, counted from 0 at the \
                     north-western corner: there is no row {row}, column {column}"
                ),
                format!(
                    "{set} 第 {level} 级有 {rows} 行 {columns} 列（从西北角起，由 0 计），没有第 {row} 行第 {column} 列"
                ),
            )
        }
        None => Words::new(
            format!("{set} has levels {first} to {last}"),
            format!("{set} 的级别为 {first} 到 {last}"),
        ),
    }
}

fn no_tile(remedy: Words) -> ApiError {
    ApiError::NoSuchThing { what: "tile", remedy }
}

fn not_in_gcj02(set: MatrixSet) -> ApiError {
    let remedy = Words::new(
        format!(
            "base maps in GCJ-02 are cut in Web Mercator: ask for WebMercatorQuad, or leave crs out for {set}"
        ),
        format!("GCJ-02 底图采用 Web Mercator 切片：请改用 WebMercatorQuad，或对 {set} 去掉 crs 参数"),
    );
    ApiError::bad_parameter("crs", "gcj02", remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem_kind::ProblemKind;

    const PLAIN: TileView = TileView { gcj02: false };

    #[test]
    fn a_tile_address_is_a_place_in_the_matrix_or_nothing() {
        assert!(xyz_place("14", "13700", "6600", PLAIN).is_ok());
        for (z, x, y) in [("0", "1", "0"), ("25", "0", "0"), ("3", "8", "0"), ("3", "0", "99999999999999")] {
            assert_eq!(xyz_place(z, x, y, PLAIN).unwrap_err().kind(), ProblemKind::NotFound, "{z}/{x}/{y}");
        }
        for (z, x, y) in [("a", "1", "0"), ("1", "-1", "0"), ("1", "0", "0.mvt"), ("1", "0", "+1")] {
            assert_eq!(
                xyz_place(z, x, y, PLAIN).unwrap_err().kind(),
                ProblemKind::BadParameter,
                "{z}/{x}/{y}"
            );
        }
    }

    #[test]
    fn a_matrix_address_has_the_row_before_the_column() {
        let web = matrix_place("WebMercatorQuad", "14", "6600", "13700", PLAIN).unwrap();
        assert_eq!(web, xyz_place("14", "13700", "6600", PLAIN).unwrap());
        let c = matrix_place("CGCS2000Quad", "14", "2646", "13706", PLAIN).unwrap();
        assert_eq!(c, matrix_place("WorldCRS84Quad", "13", "2646", "13706", PLAIN).unwrap());
        for (set, level) in [("CGCS2000Quad", "0"), ("WorldCRS84Quad", "20"), ("Mars", "1")] {
            let problem = matrix_place(set, level, "0", "0", PLAIN).unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::NotFound, "{set}");
        }
    }

    #[test]
    fn gcj02_goes_with_web_mercator_only() {
        let shifted = TileView { gcj02: true };
        assert!(matrix_place("WebMercatorQuad", "1", "0", "0", shifted).is_ok());
        let problem = matrix_place("CGCS2000Quad", "1", "0", "0", shifted).unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::BadParameter);
    }
}
