//! Tileset definitions that a user gives, beside the built-in ones.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use cim_tile::Tileset;

/// Reads definitions; an error names the file, and the line where there is one.
pub(crate) fn read(files: &[PathBuf]) -> anyhow::Result<Vec<Tileset>> {
    let mut taken: Vec<String> = Tileset::built_in()?.into_iter().map(|tileset| tileset.name).collect();
    let mut tilesets = Vec::new();
    for file in files {
        let shown = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| format!("reading {shown}"))?;
        let tileset = Tileset::parse(&shown, &text).with_context(|| format!("reading {shown}"))?;
        ensure!(
            !taken.contains(&tileset.name),
            "{shown}: a tileset named `{}` is served already: give this one another name",
            tileset.name
        );
        taken.push(tileset.name.clone());
        tilesets.push(tileset);
    }
    Ok(tilesets)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = "name = 'roads'\ndescription = 'Roads'\nmax_zoom = 14\n\n[[layer]]\nid = 'road'\n\
        description = 'Every road'\nsource = { collection = 'road' }\nmin_zoom = 8\n";

    fn error_of(text: &str) -> String {
        let folder = std::env::temp_dir().join(format!("cim-tilesets-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{}.toml", text.len()));
        std::fs::write(&file, text).unwrap();
        let read = read(&[file]).map_err(|error| format!("{error:#}"));
        std::fs::remove_dir_all(&folder).unwrap();
        read.err().unwrap_or_default()
    }

    #[test]
    fn a_definition_is_read_or_refused_with_its_file_and_line() {
        assert_eq!(error_of(DEFINITION), "");
        let mistake = error_of(&DEFINITION.replace("min_zoom = 8", "min_zoom = 'eight'"));
        assert!(mistake.contains(".toml") && mistake.contains("line 9"), "{mistake}");
        let field = error_of(&format!("{DEFINITION}needs = 'colour'\n"));
        assert!(field.contains("`colour`") && field.contains(".toml"), "{field}");
        assert!(error_of(&DEFINITION.replace("'roads'", "'base'")).contains("another name"));
    }
}
