//! The account for QGIS and the like on the loopback port; its password lies in the home, for the owner's eyes only.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::home::io;
use crate::error::ClusterError;
use crate::{connection, query};

const PASSWORD_FILE: &str = "editor.password";
const PASSWORD_BYTES: usize = 16;

/// Makes the role, gives it its password and what it may touch.
pub(super) async fn admit(address: &str, home: &Path) -> Result<(), ClusterError> {
    let password = password(&home.join(PASSWORD_FILE))?;
    let refused = |error| ClusterError::Database(Box::new(error));
    let config = connection::parse(address).map_err(refused)?;
    let client = connection::open(&config).await.map_err(refused)?;
    let statement = query::CLUSTER_EDITOR;
    statement.batch_text(&client, statement.text.replace("{password}", &password)).await.map_err(refused)
}

/// The password in the file, which is made with a new one where there is none.
fn password(file: &Path) -> Result<String, ClusterError> {
    if let Ok(found) = fs::read_to_string(file)
        && !found.is_empty()
        && found.chars().all(|letter| letter.is_ascii_hexdigit())
    {
        return Ok(found);
    }
    let mut random = [0_u8; PASSWORD_BYTES];
    let source = Path::new("/dev/urandom");
    fs::File::open(source)
        .and_then(|mut bytes| bytes.read_exact(&mut random))
        .map_err(|error| io("read", source, error))?;
    let password = format!("{:032x}", u128::from_be_bytes(random));
    fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut open| open.write_all(password.as_bytes()))
        .map_err(|error| io("write", file, error))?;
    Ok(password)
}
