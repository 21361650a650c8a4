//! How high a building stands.

use cim_mirror::Row;

/// Metres from floor to floor where no height was measured.
pub(crate) const METRES_PER_FLOOR: f64 = 3.0;

/// The measured height, else three metres a floor; none when neither is known.
pub(crate) fn height_m(row: Row<'_>) -> Option<f64> {
    let position = row.table().position("height_m")?;
    let floors = || row.int_of("floors_above").filter(|floors| *floors > 0);
    #[expect(clippy::cast_precision_loss, reason = "floors are few")]
    let assumed = || floors().map(|floors| floors as f64 * METRES_PER_FLOOR);
    row.float(position).or_else(assumed)
}
