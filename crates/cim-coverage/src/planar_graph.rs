//! The regions that segments cut the plane into, when they meet at their ends only.

use std::cmp::Ordering;

use cim_crs::LatticePoint;

use crate::predicate::{compare_angles, cross};

/// The region outside everything.
pub(crate) const UNBOUNDED: u32 = 0;

/// Segments between numbered points, and the region on each side of each.
///
/// A half-edge is a segment with a direction: number 2e runs from the lesser to the greater end of segment e, 2e + 1 back.
pub(crate) struct PlanarGraph {
    /// Sorted, so that the order of numbers is the order of points.
    pub(crate) points: Vec<LatticePoint>,
    /// The lesser end first; sorted.
    pub(crate) edges: Vec<[u32; 2]>,
    /// The half-edge that follows each half-edge around the region on its left.
    pub(crate) next: Vec<u32>,
    /// The region on the left of each half-edge.
    pub(crate) region_of: Vec<u32>,
    /// One half-edge of every ring around every region; the ring that runs around it from outside comes first.
    pub(crate) rings_of: Vec<Vec<u32>>,
    /// The number of edges at each point.
    pub(crate) degree: Vec<u32>,
}

impl PlanarGraph {
    /// The graph of segments that are sorted, distinct, have their lesser end first and meet at ends only.
    pub(crate) fn new(segments: &[(LatticePoint, LatticePoint)]) -> Self {
        let mut points: Vec<LatticePoint> = segments.iter().flat_map(|(a, b)| [*a, *b]).collect();
        points.sort_unstable();
        points.dedup();
        let number = |point: &LatticePoint| as_number(points.partition_point(|other| other < point));
        let edges: Vec<[u32; 2]> = segments.iter().map(|(a, b)| [number(a), number(b)]).collect();
        let mut degree = vec![0_u32; points.len()];
        for end in edges.iter().flatten() {
            degree[*end as usize] += 1;
        }
        let mut graph = Self {
            next: Vec::new(),
            region_of: Vec::new(),
            rings_of: vec![Vec::new()],
            points,
            edges,
            degree,
        };
        graph.link();
        graph.find_regions();
        graph
    }

    /// The point at which a half-edge starts.
    pub(crate) fn start(&self, half: u32) -> u32 {
        self.edges[(half / 2) as usize][(half % 2) as usize]
    }

    /// The point at which a half-edge ends.
    pub(crate) fn end(&self, half: u32) -> u32 {
        self.start(half ^ 1)
    }

    /// The half-edges of the ring through `half`, from there on.
    pub(crate) fn ring(&self, half: u32) -> impl Iterator<Item = u32> + '_ {
        let mut current = Some(half);
        std::iter::from_fn(move || {
            let now = current?;
            let following = self.next[now as usize];
            current = (following != half).then_some(following);
            Some(now)
        })
    }

    /// All half-edges around a region.
    pub(crate) fn around(&self, region: u32) -> impl Iterator<Item = u32> + '_ {
        self.rings_of[region as usize].iter().flat_map(|&half| self.ring(half))
    }

    fn point(&self, number: u32) -> LatticePoint {
        self.points[number as usize]
    }

    /// Links every half-edge with the one that turns sharpest to the left at its end.
    fn link(&mut self) {
        let mut starts = vec![0_u32; self.points.len() + 1];
        for (index, degree) in self.degree.iter().enumerate() {
            starts[index + 1] = starts[index] + degree;
        }
        let mut fill = starts.clone();
        let mut outgoing = vec![0_u32; self.edges.len() * 2];
        for half in 0..as_number(self.edges.len() * 2) {
            let slot = &mut fill[self.start(half) as usize];
            outgoing[*slot as usize] = half;
            *slot += 1;
        }
        self.next = vec![0; self.edges.len() * 2];
        for vertex in 0..self.points.len() {
            let star = &mut outgoing[starts[vertex] as usize..starts[vertex + 1] as usize];
            let origin = self.points[vertex];
            if star.len() > 2 {
                star.sort_unstable_by(|&a, &b| {
                    compare_angles(origin, self.point(self.end(a)), self.point(self.end(b)))
                });
            }
            for index in 0..star.len() {
                // The region left of the way in lies clockwise of the way back.
                let back = star[index];
                let out = star[(index + star.len() - 1) % star.len()];
                self.next[(back ^ 1) as usize] = out;
            }
        }
    }

    /// Finds the rings, makes a region of each that runs counter-clockwise, and puts the others into the region around them.
    fn find_regions(&mut self) {
        const UNSEEN: u32 = u32::MAX;
        let mut ring_of = vec![UNSEEN; self.edges.len() * 2];
        let mut starts = Vec::new();
        let mut outer_rings = Vec::new();
        let mut region_of_ring = Vec::new();
        for half in 0..as_number(self.edges.len() * 2) {
            if ring_of[half as usize] != UNSEEN {
                continue;
            }
            let ring = as_number(starts.len());
            let origin = self.point(self.start(half));
            let (mut area, mut least) = (0, self.start(half));
            for member in self.ring(half) {
                ring_of[member as usize] = ring;
                area += cross(origin, self.point(self.start(member)), self.point(self.end(member)));
                least = least.min(self.start(member));
            }
            starts.push(half);
            if area > 0 {
                region_of_ring.push(as_number(self.rings_of.len()));
                self.rings_of.push(vec![half]);
            } else {
                region_of_ring.push(UNSEEN);
                outer_rings.push((least, ring));
            }
        }
        // From the west, so that whatever lies west of a ring has its region already.
        outer_rings.sort_unstable();
        let rows = (outer_rings.len() > 1).then(|| EdgeRows::new(self));
        for (least, ring) in outer_rings {
            let region = match rows.as_ref().and_then(|rows| rows.edge_west_of(self, self.point(least))) {
                Some(half) => region_of_ring[ring_of[half as usize] as usize],
                None => UNBOUNDED,
            };
            region_of_ring[ring as usize] = region;
            self.rings_of[region as usize].push(starts[ring as usize]);
        }
        self.region_of = ring_of.iter().map(|&ring| region_of_ring[ring as usize]).collect();
    }
}

/// Numbers of points, edges and regions: a coverage of four thousand million vertices does not fit into memory.
pub(crate) fn as_number(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 segments fit into memory")
}

/// Edges by the rows of height they pass through, to look west from a point.
struct EdgeRows {
    bottom: i64,
    height: i64,
    rows: Vec<Vec<u32>>,
}

impl EdgeRows {
    fn new(graph: &PlanarGraph) -> Self {
        let heights = graph.points.iter().map(|point| point.y);
        let (bottom, top) = (heights.clone().min().unwrap_or(0), heights.max().unwrap_or(0));
        let count = i64::try_from(graph.edges.len().isqrt()).unwrap_or(1).clamp(1, 4_096);
        let mut rows = Self { bottom, height: (top - bottom) / count + 1, rows: Vec::new() };
        rows.rows = vec![Vec::new(); rows.row(top) + 1];
        for (index, ends) in graph.edges.iter().enumerate() {
            let (one, other) = (graph.point(ends[0]).y, graph.point(ends[1]).y);
            for row in rows.row(one.min(other))..=rows.row(one.max(other)) {
                rows.rows[row].push(as_number(index));
            }
        }
        rows
    }

    fn row(&self, y: i64) -> usize {
        usize::try_from((y - self.bottom) / self.height).unwrap_or(0)
    }

    /// The half-edge that looks east at `point`, on the nearest edge west of it; the look goes a trifle above the point,
    /// so that no vertex is ever hit.
    fn edge_west_of(&self, graph: &PlanarGraph, point: LatticePoint) -> Option<u32> {
        let mut nearest: Option<(WestHit, u32)> = None;
        for &edge in self.rows.get(self.row(point.y))? {
            let [a, b] = graph.edges[edge as usize].map(|end| graph.point(end));
            // The half-edge that runs down has the east on its left.
            let (low, high, down) = if a.y < b.y { (a, b, 2 * edge + 1) } else { (b, a, 2 * edge) };
            if !(low.y <= point.y && point.y < high.y) {
                continue;
            }
            let hit = WestHit::new(low, high, point.y);
            if hit.is_west_of(point.x)
                && nearest.is_none_or(|(best, _)| hit.compare(best) == Ordering::Greater)
            {
                nearest = Some((hit, down));
            }
        }
        nearest.map(|(_, half)| half)
    }
}

/// Where an edge passes a height, as an exact fraction, and how it goes on from there.
#[derive(Clone, Copy)]
pub(crate) struct WestHit {
    numerator: i128,
    rise: i128,
    run: i128,
}

impl WestHit {
    pub(crate) fn new(low: LatticePoint, high: LatticePoint, y: i64) -> Self {
        let (rise, run) = (i128::from(high.y - low.y), i128::from(high.x - low.x));
        Self { numerator: i128::from(low.x) * rise + run * i128::from(y - low.y), rise, run }
    }

    pub(crate) fn is_west_of(self, x: i64) -> bool {
        self.numerator < i128::from(x) * self.rise
    }

    pub(crate) fn compare(self, other: Self) -> Ordering {
        (self.numerator * other.rise)
            .cmp(&(other.numerator * self.rise))
            .then_with(|| (self.run * other.rise).cmp(&(other.run * self.rise)))
    }
}
