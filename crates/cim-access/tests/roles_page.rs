//! The page of the docs about roles says what the code does.

#[test]
fn the_page_about_roles_is_written_from_the_table() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ROLES.md");
    let written = std::fs::read_to_string(page).unwrap();
    let wanted = cim_access::policy_table_markdown();
    assert!(written == wanted, "docs/ROLES.md is out of date: run cargo run -p cim-access --example roles");
}
