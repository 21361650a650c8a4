//! How high a building stands.

use cim_mirror::Row;

/// Metres from floor to floor where no height was measured.
pub(crate) const METRES_PER_FLOOR: f64 = 3.0;

/// The measured height at `position`, else three metres a floor of those at `floors`; none when neither is known.
#[inline]
pub(crate) fn height_m(row: Row<'_>, position: usize, floors: Option<usize>) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "floors are few")]
    let assumed = || {
        let floors = row.int(floors?).filter(|floors| *floors > 0)?;
        Some(floors as f64 * METRES_PER_FLOOR)
    };
    row.float(position).or_else(assumed)
}

/// The same for a row of buildings whose places are not known; two look-ups by name.
pub(crate) fn height_m_of(row: Row<'_>) -> Option<f64> {
    height_m(row, row.table().position("height_m")?, row.table().position("floors_above"))
}
