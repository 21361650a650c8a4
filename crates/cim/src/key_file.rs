//! Files of 32 secret bytes in the home, each made once and readable by its owner alone.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context;

/// The bytes of a key file; `generate` gives them where there is none yet.
pub(crate) fn read_or_make(
    home: &Path,
    name: &str,
    generate: impl FnOnce() -> anyhow::Result<[u8; 32]>,
) -> anyhow::Result<[u8; 32]> {
    let file = home.join(name);
    match fs::read(&file) {
        Ok(bytes) => bytes.try_into().ok().with_context(|| format!("{} is no key", file.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let seed = generate()?;
            fs::create_dir_all(home).with_context(|| format!("making {}", home.display()))?;
            keep(&file, &seed).with_context(|| format!("keeping the key {}", file.display()))?;
            Ok(seed)
        }
        Err(error) => Err(error).with_context(|| format!("reading the key {}", file.display())),
    }
}

/// A key that is there is never written over, and one that is half written is under another name.
fn keep(file: &Path, seed: &[u8; 32]) -> std::io::Result<()> {
    let unfinished = file.with_extension("unfinished");
    let mut options = fs::OpenOptions::new();
    let mut opened = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    opened.write_all(seed)?;
    opened.sync_all()?;
    fs::hard_link(&unfinished, file)?;
    fs::remove_file(&unfinished)
}
