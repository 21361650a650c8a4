//! A choice of rows that a view is limited to, whoever reads it.

use std::fmt;
use std::sync::Arc;

use crate::Row;

/// Says of every row whether it is there for a reader.
#[derive(Clone)]
pub struct RowFilter(Arc<dyn Fn(Row<'_>) -> bool + Send + Sync>);

impl RowFilter {
    /// The rows for which a rule holds.
    #[must_use]
    pub fn new(rule: impl Fn(Row<'_>) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(rule))
    }

    pub(crate) fn holds(&self, row: Row<'_>) -> bool {
        (self.0)(row)
    }
}

impl fmt::Debug for RowFilter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("RowFilter(..)")
    }
}
