//! Arcs that can be thinned together: which lie near which, and which hang together.

use std::sync::Arc;

use cim_crs::{LatticePoint, LonLat, metres_per_degree};

use super::bounds::Bounds;
use super::part::{Part, parts};
use crate::coverage::CoverageArc;

/// The arcs of a coverage in numbered places, some of which may be empty; sharing them with a later state costs little.
#[derive(Debug, Clone, Default)]
pub struct ArcNet {
    arcs: Vec<Option<Arc<NetArc>>>,
    /// By arc those whose box meets its own, itself included, sorted.
    near: Vec<Arc<[u32]>>,
    parts: Arc<Vec<Part>>,
    metres_per_degree: (f64, f64),
}

/// An arc and the box around it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NetArc {
    pub(super) arc: CoverageArc,
    pub(super) points: Arc<[LatticePoint]>,
    pub(super) bounds: Bounds,
}

impl NetArc {
    fn new(arc: CoverageArc) -> Option<Arc<Self>> {
        let bounds = Bounds::around(&arc.points)?;
        let points = arc.points.as_slice().into();
        Some(Arc::new(Self { arc, points, bounds }))
    }
}

impl ArcNet {
    /// Arcs by their places.
    #[must_use]
    pub fn new(arcs: impl IntoIterator<Item = Option<CoverageArc>>) -> Self {
        let arcs: Vec<_> = arcs.into_iter().map(|arc| arc.and_then(NetArc::new)).collect();
        let near = near_lists(&arcs).into_iter().map(Arc::from).collect();
        let parts = Arc::new(parts(&arcs));
        let metres_per_degree = scale_of(&arcs);
        Self { arcs, near, parts, metres_per_degree }
    }

    /// The net after arcs came, changed or went; a place beyond the last is a new one.
    #[must_use]
    pub fn with(&self, changes: &[(u32, Option<CoverageArc>)]) -> Self {
        let mut next = self.clone();
        for (number, arc) in changes {
            next.put(*number, arc.clone());
        }
        next.parts = Arc::new(parts(&next.arcs));
        next.metres_per_degree = scale_of(&next.arcs);
        next
    }

    fn put(&mut self, number: u32, arc: Option<CoverageArc>) {
        let place = number as usize;
        while self.arcs.len() <= place {
            self.arcs.push(None);
            self.near.push(Arc::from([]));
        }
        let arc = arc.and_then(NetArc::new);
        let before = std::mem::replace(&mut self.near[place], Arc::from([]));
        for other in before.iter().filter(|other| **other != number) {
            let list = &mut self.near[*other as usize];
            *list = list.iter().copied().filter(|one| *one != number).collect();
        }
        self.arcs[place].clone_from(&arc);
        let Some(arc) = arc else { return };
        let now: Arc<[u32]> = self.meeting(&arc.bounds).collect();
        for other in now.iter().filter(|other| **other != number) {
            let list = &mut self.near[*other as usize];
            let at = list.partition_point(|one| *one < number);
            *list = list[..at].iter().chain([&number]).chain(&list[at..]).copied().collect();
        }
        self.near[place] = now;
    }

    /// The number of places.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arcs.len()
    }

    /// Whether there are no places.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.arcs.is_empty()
    }

    /// The arc in a place.
    #[must_use]
    pub fn arc(&self, number: u32) -> Option<&CoverageArc> {
        self.get(number).map(|arc| &arc.arc)
    }

    /// All arcs with their places.
    pub fn arcs(&self) -> impl Iterator<Item = (u32, &CoverageArc)> {
        (0..).zip(&self.arcs).filter_map(|(number, arc)| Some((number, &arc.as_ref()?.arc)))
    }

    /// Every place's points; none in an empty place.
    #[must_use]
    pub fn lines(&self) -> Vec<Arc<[LatticePoint]>> {
        let none: Arc<[LatticePoint]> = Arc::from([]);
        let points = |arc: &Option<Arc<NetArc>>| Arc::clone(arc.as_ref().map_or(&none, |arc| &arc.points));
        self.arcs.iter().map(points).collect()
    }

    pub(super) fn get(&self, number: u32) -> Option<&NetArc> {
        self.arcs.get(number as usize)?.as_deref()
    }

    pub(super) fn near(&self, number: u32) -> &[u32] {
        self.near.get(number as usize).map_or(&[], |near| near)
    }

    /// How long a degree is at the middle height of all arcs.
    pub(super) fn metres_per_degree(&self) -> (f64, f64) {
        self.metres_per_degree
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The arcs whose box meets another.
    pub(super) fn meeting(&self, bounds: &Bounds) -> impl Iterator<Item = u32> {
        let meets = move |arc: &Option<Arc<NetArc>>| arc.as_ref().is_some_and(|arc| arc.bounds.meets(bounds));
        (0..).zip(&self.arcs).filter(move |(_, arc)| meets(arc)).map(|(number, _)| number)
    }
}

fn scale_of(arcs: &[Option<Arc<NetArc>>]) -> (f64, f64) {
    let heights = arcs.iter().flatten().flat_map(|arc| [arc.bounds.low, arc.bounds.high]);
    let heights = heights.map(|corner| LonLat::from(corner).lat);
    let (low, high) = heights.fold((90.0_f64, -90.0_f64), |(low, high), lat| (low.min(lat), high.max(lat)));
    metres_per_degree(if low <= high { f64::midpoint(low, high) } else { 0.0 })
}

/// For every arc those whose boxes meet its own: a sweep from west to east.
fn near_lists(arcs: &[Option<Arc<NetArc>>]) -> Vec<Vec<u32>> {
    let mut near = vec![Vec::new(); arcs.len()];
    let mut order: Vec<(u32, &Bounds)> =
        (0..).zip(arcs).filter_map(|(number, arc)| Some((number, &arc.as_ref()?.bounds))).collect();
    order.sort_unstable_by_key(|(number, bounds)| (bounds.low.x, *number));
    for (index, (number, bounds)) in order.iter().enumerate() {
        near[*number as usize].push(*number);
        for (other, _) in order[index + 1..]
            .iter()
            .take_while(|(_, other)| other.low.x <= bounds.high.x)
            .filter(|(_, other)| other.meets(bounds))
        {
            near[*number as usize].push(*other);
            near[*other as usize].push(*number);
        }
    }
    for list in &mut near {
        list.sort_unstable();
    }
    near
}
