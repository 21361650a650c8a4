//! A few vertices from all over a file, for comparison with what is loaded.

use geo_types::Geometry;

use super::geometry::for_each_coord;

const MOST_SAMPLES: usize = 2_000;
const VERTICES_PER_GEOMETRY: usize = 64;

/// Keeps vertices spread over the whole file: when there are too many, every second is dropped.
#[derive(Debug)]
pub(super) struct Samples {
    vertices: Vec<[f64; 2]>,
    step: u64,
    met: u64,
}

impl Samples {
    pub(super) fn new() -> Self {
        Self { vertices: Vec::new(), step: 1, met: 0 }
    }

    pub(super) fn meet(&mut self, geometry: &Geometry<f64>) {
        if self.met.is_multiple_of(self.step) {
            self.take(geometry);
        }
        self.met += 1;
        if self.vertices.len() > MOST_SAMPLES {
            let mut place = 0;
            self.vertices.retain(|_| {
                place += 1;
                place % 2 == 0
            });
            self.step *= 2;
        }
    }

    fn take(&mut self, geometry: &Geometry<f64>) {
        let mut copy = geometry.clone();
        let mut vertices = Vec::new();
        let gathered: Result<(), std::convert::Infallible> = for_each_coord(&mut copy, &mut |coord| {
            vertices.push([coord.x, coord.y]);
            Ok(())
        });
        let Ok(()) = gathered;
        let step = vertices.len().div_ceil(VERTICES_PER_GEOMETRY).max(1);
        self.vertices.extend(vertices.iter().step_by(step));
    }

    pub(super) fn into_vertices(self) -> Vec<[f64; 2]> {
        self.vertices
    }
}
