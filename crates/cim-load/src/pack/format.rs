//! The file formats and how a file's name tells them.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    Csv,
    Tsv,
    GeoJson,
    GeoJsonSeq,
    Shapefile,
    GeoPackage,
    FlatGeobuf,
    GeoParquet,
    Xlsx,
    OsmPbf,
    CityJson,
    CityJsonSeq,
    /// Anything that `ogr2ogr` can read.
    Ogr,
}

impl Format {
    /// The names that `format =` takes.
    pub(crate) const NAMES: &'static [(&'static str, Self)] = &[
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("geojson", Self::GeoJson),
        ("geojsonseq", Self::GeoJsonSeq),
        ("shapefile", Self::Shapefile),
        ("gpkg", Self::GeoPackage),
        ("fgb", Self::FlatGeobuf),
        ("parquet", Self::GeoParquet),
        ("xlsx", Self::Xlsx),
        ("osm.pbf", Self::OsmPbf),
        ("cityjson", Self::CityJson),
        ("cityjsonseq", Self::CityJsonSeq),
        ("ogr", Self::Ogr),
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// The format that a file's name suggests; what is not known is left to `ogr2ogr`.
    pub(crate) fn guess(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        // Longer endings come first: `.city.json` is no GeoJSON.
        let endings: &[(&str, Self)] = &[
            (".city.jsonl", Self::CityJsonSeq),
            (".city.json", Self::CityJson),
            (".osm.pbf", Self::OsmPbf),
            (".pbf", Self::OsmPbf),
            (".geojsonl", Self::GeoJsonSeq),
            (".geojsons", Self::GeoJsonSeq),
            (".jsonl", Self::GeoJsonSeq),
            (".ndjson", Self::GeoJsonSeq),
            (".geojson", Self::GeoJson),
            (".json", Self::GeoJson),
            (".csv", Self::Csv),
            (".tsv", Self::Tsv),
            (".tab.txt", Self::Tsv),
            (".shp", Self::Shapefile),
            (".zip", Self::Shapefile),
            (".gpkg", Self::GeoPackage),
            (".fgb", Self::FlatGeobuf),
            (".parquet", Self::GeoParquet),
            (".geoparquet", Self::GeoParquet),
            (".xlsx", Self::Xlsx),
        ];
        endings.iter().find(|(ending, _)| name.ends_with(ending)).map_or(Self::Ogr, |(_, format)| *format)
    }
}
