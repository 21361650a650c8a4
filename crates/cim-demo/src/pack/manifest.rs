//! `city.toml`: what the pack is and what its files hold.

use std::fmt::Write as _;
use std::path::Path;

use crate::{DemoError, DemoOptions, LAST_DAY};

/// Writes the manifest last, so that a folder without one is no pack.
pub(crate) fn write(
    dir: &Path,
    options: &DemoOptions,
    collections: impl Iterator<Item = &'static str>,
) -> Result<(), DemoError> {
    let mut text = String::new();
    let _ = write!(
        text,
        "# The demo district of Haimen. Everything in it is SYNTHETIC, except the division names and codes\n\
         # (National Bureau of Statistics, 2023, by china-division), the control points of the outline (generalised\n\
         # from public boundaries, no legal boundary) and the place points (generalised from Vonng/adcode, CC-BY-4.0).\n\
         # 演示数据：除区划名称与代码、边界控制点和地名点外，均为虚构。\n\
         # Made by `cim demo` with scale {}, factor {}, seed {}.\n\
         city = \"南通市海门区（演示）\"\n\
         division_code = \"320614\"\n\
         crs = \"cgcs2000\"\n\
         exclusive = \"overlay\"\n\
         timezone = \"Asia/Shanghai\"\n\
         synthetic = true\n\n\
         [timeline]\nlast_day = \"{LAST_DAY}\"\nkeep_days = 365\n",
        options.scale, options.factor, options.seed
    );
    for collection in collections {
        let _ = write!(
            text,
            "\n[[source]]\ncollection = \"{collection}\"\nfile = \"{collection}.csv\"\nformat = \"csv\"\nencoding = \"utf-8\"\n"
        );
    }
    let path = dir.join("city.toml");
    std::fs::write(&path, text).map_err(|source| DemoError::Write { path, source })
}
