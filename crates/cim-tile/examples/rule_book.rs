//! Writes docs/TILES.md from the tileset definitions.

use std::path::Path;

use cim_tile::{Tileset, rule_book};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/TILES.md");
    std::fs::write(page, rule_book(&Tileset::built_in()?))?;
    Ok(())
}
