//! The city with its boundaries as they held on any day: what tiles of a past state are drawn from.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use cim_access::Scope;
use cim_coverage::Topology;
use cim_mirror::{View, collection_builder};
use cim_model::{Collection, Record, Value};
use cim_store::level_of;
use cim_tile::{Boundaries, CityCoverage};

use super::as_of::AsOf;
use super::heads::Head;
use crate::load::off_the_runtime;
use crate::version::Version;
use crate::{City, CityError};

/// States of which the drawn borders are kept; they are large.
const KEPT: usize = 4;

/// Borders of past states, by the revisions of all cities.
#[derive(Default)]
pub(crate) struct PastBoundaries {
    /// The latest first.
    kept: Mutex<VecDeque<(Vec<i32>, Arc<Boundaries>)>>,
    /// One state is drawn at a time, so that many readers of a new one do not all draw it.
    drawing: tokio::sync::Mutex<()>,
}

impl PastBoundaries {
    fn find(&self, revs: &[i32]) -> Option<Arc<Boundaries>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| known == revs)?;
        let found = kept.remove(place)?;
        kept.push_front(found);
        kept.front().map(|(_, boundaries)| Arc::clone(boundaries))
    }

    fn keep(&self, revs: Vec<i32>, boundaries: Boundaries) -> Arc<Boundaries> {
        let boundaries = Arc::new(boundaries);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((revs, Arc::clone(&boundaries)));
        kept.truncate(KEPT);
        boundaries
    }
}

impl City {
    /// The present version with the boundaries of then.
    pub(crate) async fn version_as_of(&self, scope: &Scope, as_of: AsOf) -> Result<Arc<Version>, CityError> {
        let version = self.version_for(scope)?;
        let heads = self.boundaries_as_of(as_of).await?;
        let revs: Vec<i32> = heads.iter().map(|head| head.rev).collect();
        let past = &self.inner.boundaries.past;
        let boundaries = if let Some(known) = past.find(&revs) {
            known
        } else {
            let _alone = past.drawing.lock().await;
            match past.find(&revs) {
                Some(drawn) => drawn,
                None => past.keep(revs, off_the_runtime(move || boundaries(&heads)).await),
            }
        };
        Ok(Arc::new(Version { boundaries, ..Version::clone(&version) }))
    }
}

fn boundaries(heads: &[Arc<Head>]) -> Boundaries {
    let views: Vec<View> = Collection::UNITS.iter().map(|level| view(*level, heads)).collect();
    let coverages = heads.iter().map(|head| coverage(&head.topology, head.base_level));
    Boundaries::new(&views.iter().collect::<Vec<_>>(), coverages.collect())
}

/// The units of a level, without their ground, which comes from the coverage.
fn view(level: Collection, heads: &[Arc<Head>]) -> View {
    let mut builder = collection_builder(level);
    let units = heads.iter().flat_map(|head| head.topology.units());
    for (no, unit) in units.filter(|(_, unit)| Some(unit.level) == level_of(level)) {
        let text = |text: Option<&String>| text.map_or(Value::Null, |text| Value::Text(text.clone()));
        let value = |field: &&str| match *field {
            "code" => Value::Text(unit.code.clone()),
            "name" => Value::Text(unit.name.clone()),
            "kind" => text(unit.kind.as_ref()),
            "urban_rural_class" => text(unit.class.as_ref()),
            "parent_code" => text(unit.parent_code.as_ref()),
            _ => Value::Null,
        };
        let fields = level.spec().fields.iter().map(|field| value(&field.name));
        builder.push(no.0, 0, &Record { values: fields.collect() });
    }
    View::new(level, builder.finish())
}

fn coverage(topology: &Topology, base_level: Collection) -> CityCoverage {
    let plain = topology.coverage();
    let codes = |units: &[cim_coverage::UnitNo]| {
        units
            .iter()
            .map(|unit| topology.unit(*unit).map(|unit| unit.code.clone()).unwrap_or_default())
            .collect()
    };
    CityCoverage {
        base_level,
        base_codes: codes(&plain.base_units),
        overlay_codes: codes(&plain.overlay_units),
        face_ids: plain.faces.iter().map(|face| face.0).collect(),
        arc_ids: plain.arcs.iter().map(|arc| arc.0).collect(),
        coverage: plain.coverage,
    }
}
