//! Lists the files that the server carries: the built web app and the map styles.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../..");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    write_table(&root.join("web/dist"), &out.join("web_app.rs"))?;
    write_table(&root.join("styles"), &out.join("styles.rs"))
}

/// Writes a Rust array of all files of a folder, sorted by path. A folder that is not there yet is made, because Cargo
/// would otherwise run this script on every build.
fn write_table(folder: &Path, table: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut text = "[\n".to_owned();
    for file in &files {
        let name =
            file.strip_prefix(folder).expect("it was found there").to_string_lossy().replace('\\', "/");
        let path = fs::canonicalize(file)?;
        let mut hasher = DefaultHasher::new();
        fs::read(&path)?.hash(&mut hasher);
        let hash = hasher.finish();
        let path = path.to_string_lossy();
        let _ = writeln!(
            text,
            "    EmbeddedFile {{ path: {name:?}, bytes: include_bytes!({path:?}), etag: \"\\\"{hash:016x}\\\"\" }},"
        );
    }
    text.push(']');
    fs::write(table, text)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            files.push(path);
        }
    }
    Ok(())
}
