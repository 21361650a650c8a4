//! Boundaries as they held on any day, as far as was known at any time.

use std::sync::Arc;

use cim_access::Scope;
use cim_coverage::{FaceNo, Topology, UnitNo};
use cim_crs::LatticePoint;
use cim_mirror::Cover;
use cim_store::{Revision, collection_of, multi_polygon};
use jiff::Timestamp;

use super::heads::{Head, refuse_unclean};
use crate::responsible::china_day;
use crate::units::{Place, Unit};
use crate::work::failed;
use crate::{City, CityError, ResponsibilityAnswer, ResponsibilityQuery, responsible};

/// As of when: a day in the world, and a time at which it was known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AsOf {
    /// The day of this moment in China; today, when absent.
    pub datetime: Option<Timestamp>,
    /// What was published until then; now, when absent.
    pub known_at: Option<Timestamp>,
}

impl AsOf {
    /// Whether nothing but the present is asked for.
    #[must_use]
    pub fn is_now(self) -> bool {
        self.datetime.is_none() && self.known_at.is_none()
    }
}

impl City {
    /// The boundaries of every city as they held then. A city that had none yet is left out, and so is one whose borders
    /// were no exact partition, unless there is no other.
    pub(crate) async fn boundaries_as_of(&self, as_of: AsOf) -> Result<Vec<Arc<Head>>, CityError> {
        let mut heads = Vec::new();
        let mut refused = Ok(());
        for revision in self.revisions_as_of(as_of).await? {
            match refuse_unclean(&revision) {
                Ok(()) => heads.push(self.inner.boundaries.heads.at(&self.inner.store, &revision).await?),
                unclean => refused = unclean,
            }
        }
        if heads.is_empty() { refused.map(|()| heads) } else { Ok(heads) }
    }

    /// The revision of every city that held then.
    pub(crate) async fn revisions_as_of(&self, as_of: AsOf) -> Result<Vec<Revision>, CityError> {
        let store = &self.inner.store;
        let now = Timestamp::now();
        let (day, known_at) = (china_day(as_of.datetime.unwrap_or(now)), as_of.known_at.unwrap_or(now));
        let mut revisions = Vec::new();
        for city_code in store.boundary_cities().await.map_err(failed)? {
            revisions.extend(store.revision_as_of(&city_code, day, known_at).await.map_err(failed)?);
        }
        Ok(revisions)
    }

    /// Whether these are the revisions that maps and answers show now.
    async fn are_shown(&self, asked: &[Revision]) -> Result<bool, CityError> {
        for revision in asked {
            let active = self.inner.store.active_revision(&revision.city_code).await.map_err(failed)?;
            if active.is_none_or(|active| active.rev != revision.rev) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Who was responsible for a point then: units of that day, posts and rules of that moment.
    pub async fn responsibility_as_of(
        &self,
        scope: &Scope,
        query: &ResponsibilityQuery,
        as_of: AsOf,
    ) -> Result<ResponsibilityAnswer, CityError> {
        if as_of.is_now() {
            return self.responsibility(scope, query);
        }
        let asked = self.revisions_as_of(as_of).await?;
        if asked.iter().any(|revision| !revision.clean) && self.are_shown(&asked).await? {
            // What is shown now answers, as it does without a date.
            return self.responsibility(scope, query);
        }
        let heads = self.boundaries_as_of(as_of).await?;
        let version = self.version()?;
        let at = LatticePoint::from(query.at);
        let revision = heads.iter().map(|head| i64::from(head.rev)).max();
        let found = heads.iter().find_map(|head| past_place(&head.topology, at));
        let place = found.as_ref().map_or_else(Place::outside, PastPlace::place);
        Ok(responsible::answer_at(&version, query, &place, revision, self.as_of()))
    }
}

/// What lay at a point.
struct PastPlace {
    /// Finest first.
    chain: Vec<Unit>,
    exclusive: Option<Unit>,
    on_boundary: bool,
    distance_to_border_m: f64,
}

impl PastPlace {
    fn place(&self) -> Place<'_> {
        Place {
            chain: self.chain.iter().collect(),
            exclusive: self.exclusive.as_ref(),
            on_boundary: self.on_boundary,
            distance_to_border_m: Some(self.distance_to_border_m),
        }
    }
}

/// The face at a point; exactly on a border that of the unit with the lowest code, as everywhere.
fn past_place(topology: &Topology, at: LatticePoint) -> Option<PastPlace> {
    let touching = topology.faces_touching(at);
    let code = |face: &FaceNo| {
        let base = topology.face(*face)?.base;
        topology.unit(base).map(|unit| unit.code.clone())
    };
    let face = touching.iter().copied().min_by_key(code).or_else(|| topology.face_at(at))?;
    let ground = topology.face(face)?;
    let mut chain = Vec::new();
    let mut above = Some(ground.base);
    while let Some(unit) = above {
        chain.extend(unit_of(topology, unit));
        above = topology.unit(unit).and_then(|unit| unit.parent);
    }
    let overlays = touching.iter().filter_map(|face| topology.face(*face)?.overlay);
    let overlay = overlays.min_by_key(|unit| topology.unit(*unit).map(|unit| unit.code.clone()));
    let finest = multi_polygon(&topology.polygons_of(ground.base));
    Some(PastPlace {
        chain,
        exclusive: overlay.or(ground.overlay).and_then(|unit| unit_of(topology, unit)),
        on_boundary: !touching.is_empty(),
        distance_to_border_m: Cover::new([("", &finest)]).distance_to_border_m(0, at),
    })
}

fn unit_of(topology: &Topology, unit: UnitNo) -> Option<Unit> {
    let state = topology.unit(unit)?;
    let level = collection_of(state.level)?;
    let (code, name, kind) = (state.code.clone(), state.name.clone(), state.kind.clone());
    Some(Unit::new(level, code, name, kind, state.parent_code.clone()))
}
