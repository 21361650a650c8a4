//! Where things lie to the lattice, for the few that are nearer to a border than the mirror knows places.

use std::collections::{BTreeMap, HashMap};

use cim_crs::{LatticePoint, LonLat};
use cim_model::{Collection, Value};
use cim_store::Store;
use geo_types::Geometry;

use crate::CityError;
use crate::work::failed;

/// Places by collection and row.
pub(super) type ExactPlaces = HashMap<(Collection, i64), LatticePoint>;

/// The places of rows as the database has them now; rows that are gone or no points are left out.
pub(super) async fn exact_places(
    store: &Store,
    wanted: &BTreeMap<Collection, Vec<i64>>,
) -> Result<ExactPlaces, CityError> {
    let mut places = ExactPlaces::new();
    for (collection, ids) in wanted {
        let Some(geom) = collection.spec().position("geom") else { continue };
        for row in store.rows(*collection, ids).await.map_err(failed)? {
            if let Some(Value::Geometry(Geometry::Point(point))) = row.record.values.get(geom) {
                let place = LatticePoint::from(LonLat { lon: point.x(), lat: point.y() });
                places.insert((*collection, row.id), place);
            }
        }
    }
    Ok(places)
}
