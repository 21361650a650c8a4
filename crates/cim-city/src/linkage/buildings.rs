//! Buildings in the way of a look, and the building and the address that a point belongs to.

use cim_crs::LonLat;
use cim_mirror::{Height, Near, Row, Skyline, View, nearest};
use cim_model::Collection;

use crate::version::Version;

/// A point belongs to the building that covers it, else to the nearest within this distance.
pub(crate) const BUILDING_REACH_M: f64 = 10.0;
/// A point belongs to the nearest address within this distance.
pub(crate) const ADDRESS_REACH_M: f64 = 30.0;
const METRES_PER_FLOOR: f64 = 3.0;

/// How high a building stands: measured, else three metres a floor.
pub(crate) fn height_of(view: &View) -> impl Fn(Row<'_>) -> Height {
    let fields = view.collection().spec();
    let (height, floors) = (fields.position("height_m"), fields.position("floors_above"));
    move |row: Row<'_>| {
        let measured = height.and_then(|position| row.float(position)).filter(|height_m| *height_m > 0.0);
        let floors = || floors.and_then(|position| row.int(position)).filter(|floors| *floors > 0);
        #[expect(clippy::cast_precision_loss, reason = "floors are few")]
        let assumed = |floors: i64| Height::Assumed(floors as f64 * METRES_PER_FLOOR);
        measured.map_or_else(|| floors().map_or(Height::Unknown, assumed), Height::Measured)
    }
}

/// The buildings of a version as a skyline.
pub(crate) fn skyline(version: &Version) -> Skyline<'_, impl Fn(Row<'_>) -> Height> {
    let view = version.view(Collection::Building);
    Skyline::new(view, height_of(view))
}

/// The building that a point belongs to.
pub(crate) fn building_at(version: &Version, at: LonLat) -> Option<Row<'_>> {
    first_by_code(version.view(Collection::Building), at, BUILDING_REACH_M).map(|near| near.row)
}

/// The address that a point belongs to.
pub(crate) fn address_at(version: &Version, at: LonLat) -> Option<Row<'_>> {
    first_by_code(version.view(Collection::Address), at, ADDRESS_REACH_M).map(|near| near.row)
}

/// The nearest row; of several at one distance, told to a millimetre, the one with the lowest code.
fn first_by_code(view: &View, at: LonLat, reach_m: f64) -> Option<Near<'_>> {
    let (found, _) = nearest(view, at, reach_m, usize::MAX, |_| true);
    let least = found.first()?.distance_m + 0.001;
    let equal = found.into_iter().filter(|near| near.distance_m <= least);
    equal.min_by(|a, b| a.row.text_of("code").cmp(&b.row.text_of("code")))
}
