//! Buildings that a changed border cuts, with the share of every unit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cim_coverage::{Delta, Topology, UnitNo};
use cim_crs::{LatticePoint, LonLat};
use cim_mirror::{Area, Row, WorldBox, WorldPoint, middle};
use cim_model::Collection;
use cim_store::multi_polygon;

use super::ground::{Belonging, Ground};
use super::impact::StraddlingBuilding;
use crate::version::Version;

/// A smaller share is the thickness of a wall.
const LEAST_SHARE: f64 = 0.001;
/// More are told of as a count by nobody: a draft that cuts so many buildings is drawn through them.
const MOST: usize = 2_000;

/// Buildings under changed borders, by code.
pub(super) fn straddling(
    version: &Version,
    after: &Topology,
    delta: &Delta,
    ground: &Ground<'_>,
) -> Vec<StraddlingBuilding> {
    let view = version.view(Collection::Building);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut areas: HashMap<UnitNo, Option<Area>> = HashMap::new();
    for arc in delta.arcs.iter().filter_map(|change| change.after.as_ref()) {
        for pair in arc.points.windows(2) {
            let ends = [pair[0], pair[1]].map(|point| WorldPoint::from(LonLat::from(point)));
            let Some(bounds) = WorldBox::around(&ends) else { continue };
            for row in view.meeting(&bounds).filter(|row| seen.insert(row.id())).collect::<Vec<_>>() {
                found.extend(shares(after, row, ground, &mut areas));
                if found.len() >= MOST {
                    return found;
                }
            }
        }
    }
    found.sort_by(|one, other| one.code.cmp(&other.code));
    found
}

/// None for a building that lies in one unit alone.
fn shares(
    after: &Topology,
    row: Row<'_>,
    ground: &Ground<'_>,
    areas: &mut HashMap<UnitNo, Option<Area>>,
) -> Option<StraddlingBuilding> {
    let at = |point: WorldPoint| ground.at(LatticePoint::from(LonLat::from(point)));
    let units: BTreeSet<UnitNo> =
        row.shape().vertices().iter().filter_map(|vertex| at(*vertex).base).collect();
    if units.len() < 2 {
        return None;
    }
    let mut shares = BTreeMap::new();
    for unit in units {
        let area = areas.entry(unit).or_insert_with(|| Area::new(&multi_polygon(&after.polygons_of(unit))));
        let share = area.as_ref().map_or(0.0, |area| area.share_of(row.shape()));
        if let Some(state) = after.unit(unit).filter(|_| share >= LEAST_SHARE) {
            shares.insert(state.code.clone(), (share * 1_000.0).round() / 1_000.0);
        }
    }
    let belongs: Option<Belonging> = middle(row.shape()).map(at);
    (shares.len() > 1).then(|| StraddlingBuilding {
        code: row.text_of("code").unwrap_or_default().to_owned(),
        households: Collection::Building
            .spec()
            .position("household_count")
            .and_then(|place| row.int(place))
            .unwrap_or(0),
        belongs_to: belongs.and_then(|at| ground.code(at, ground.base_level())).map(str::to_owned),
        shares,
    })
}
