//! What changes hands as a table, one line a thing.

use std::fmt::Write;

use super::impact::ImpactItem;

/// The table with a head; texts are quoted so that a spreadsheet takes none of them for a formula.
#[must_use]
pub fn impact_csv(items: &[ImpactItem]) -> String {
    let mut table = "kind,id,name,state,lon,lat,from,to,exclusive_from,exclusive_to\r\n".to_owned();
    for item in items {
        let text = |text: &Option<String>| csv_cell(text.as_deref().unwrap_or_default());
        // Writing into a text cannot fail.
        let _written = write!(
            table,
            "{},{},{},{},{:.7},{:.7},{},{},{},{}\r\n",
            item.kind,
            csv_cell(&item.id),
            text(&item.name),
            text(&item.state),
            item.lon,
            item.lat,
            text(&item.from),
            text(&item.to),
            text(&item.exclusive_from),
            text(&item.exclusive_to)
        );
    }
    table
}

/// A cell that is read as a text: what begins like a formula gets an apostrophe before it.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::csv_cell;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_never_a_formula() {
        assert_eq!(csv_cell("plain"), "plain");
        assert_eq!(csv_cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(csv_cell("=1+1"), "'=1+1");
    }
}
