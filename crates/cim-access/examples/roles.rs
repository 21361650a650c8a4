//! Writes docs/ROLES.md from the policy table.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ROLES.md");
    std::fs::write(page, cim_access::policy_table_markdown())
}
