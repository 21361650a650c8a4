//! What a tile matrix set is, as OGC Two Dimensional Tile Matrix Set 2.0 writes it in JSON.

use serde_json::{Value, json};

use crate::MatrixSet;

/// The length of the equator of WGS 84 and CGCS2000, metres.
const EQUATOR_M: f64 = 40_075_016.685_578_49;
/// The pixel that scale denominators of the standard refer to, metres.
const PIXEL_M: f64 = 0.000_28;
/// Pixels across a tile, by which the standard counts cells; the vector tile itself has 4096 steps.
const TILE_PIXELS: u32 = 256;

impl MatrixSet {
    /// The definition: corner, cell size, scale and size of every level that is served.
    #[must_use]
    pub fn definition(self) -> Value {
        let (title, crs, axes, corner) = match self {
            Self::WebMercatorQuad => (
                "Google Maps compatible for the world",
                "http://www.opengis.net/def/crs/EPSG/0/3857",
                ["E", "N"],
                [-EQUATOR_M / 2.0, EQUATOR_M / 2.0],
            ),
            Self::WorldCrs84Quad => (
                "CRS84 for the world",
                "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
                ["Lon", "Lat"],
                [-180.0, 90.0],
            ),
            // The axes of EPSG:4490 are latitude and longitude, in this order.
            Self::Cgcs2000Quad => (
                "CGCS2000 for the world, as Tianditu numbers its set c",
                "http://www.opengis.net/def/crs/EPSG/0/4490",
                ["Lat", "Lon"],
                [90.0, -180.0],
            ),
        };
        let levels: Vec<Value> = (self.first_level()..=self.last_level())
            .map(|level| self.level_definition(level, corner))
            .collect();
        let mut definition = json!({
            "id": self.id(),
            "title": title,
            "crs": crs,
            "orderedAxes": axes,
            "tileMatrices": levels,
        });
        // Tianditu's set is in no register.
        if self != Self::Cgcs2000Quad {
            definition["uri"] =
                json!(format!("http://www.opengis.net/def/tilematrixset/OGC/1.0/{}", self.id()));
        }
        definition
    }

    fn level_definition(self, level: u8, corner: [f64; 2]) -> Value {
        let (columns, rows) = self.size(level);
        let cells = f64::from(columns) * f64::from(TILE_PIXELS);
        let cell_m = EQUATOR_M / cells;
        json!({
            "id": level.to_string(),
            "scaleDenominator": cell_m / PIXEL_M,
            "cellSize": if self.is_geographic() { 360.0 / cells } else { cell_m },
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": corner,
            "tileWidth": TILE_PIXELS,
            "tileHeight": TILE_PIXELS,
            "matrixWidth": columns,
            "matrixHeight": rows,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(set: MatrixSet, place: usize, id: &str, scale: f64, cell: f64, size: (u32, u32)) {
        let definition = set.definition();
        let level = &definition["tileMatrices"][place];
        let near = |name: &str, expected: f64| {
            let value = level[name].as_f64().unwrap();
            assert!((value / expected - 1.0).abs() < 1e-9, "{set} {id} {name}: {value}");
        };
        assert_eq!(level["id"], id);
        near("scaleDenominator", scale);
        near("cellSize", cell);
        assert_eq!((&level["matrixWidth"], &level["matrixHeight"]), (&json!(size.0), &json!(size.1)));
    }

    #[test]
    fn the_registered_sets_have_the_figures_of_the_standard() {
        check(MatrixSet::WebMercatorQuad, 0, "0", 559_082_264.028_717_8, 156_543.033_928_041, (1, 1));
        check(
            MatrixSet::WebMercatorQuad,
            18,
            "18",
            2_132.729_583_849_784,
            0.597_164_283_559_817,
            (1 << 18, 1 << 18),
        );
        check(MatrixSet::WorldCrs84Quad, 0, "0", 279_541_132.014_358_76, 0.703_125, (2, 1));
        check(
            MatrixSet::WorldCrs84Quad,
            17,
            "17",
            2_132.729_583_849_784,
            0.000_005_364_418_029_785,
            (1 << 18, 1 << 17),
        );
    }

    #[test]
    fn tianditu_starts_at_level_one_with_two_tiles_and_latitude_first() {
        check(MatrixSet::Cgcs2000Quad, 0, "1", 279_541_132.014_358_76, 0.703_125, (2, 1));
        let definition = MatrixSet::Cgcs2000Quad.definition();
        assert_eq!(definition["tileMatrices"][0]["pointOfOrigin"], json!([90.0, -180.0]));
        assert_eq!(definition["uri"], Value::Null);
    }
}
