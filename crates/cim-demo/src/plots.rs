//! What each block is used for, by its place in the town or the countryside.

use crate::dice::Dice;
use crate::field::ZoneRank;
use crate::lines::LineClass;
use crate::mesh::{Ground, Plot};
use crate::network::Network;
use crate::plane::{P, ring_centroid};

/// Where ships are loaded.
const PORTS: [(f64, f64); 4] = [(121.246, 31.874), (121.392, 31.849), (121.150, 31.815), (121.527, 32.117)];

impl Network {
    /// Decides the use of every block.
    pub(crate) fn allot_plots(&mut self) {
        for face in 1..self.mesh.face_count() {
            if self.mesh.tags[face as usize].ground == Ground::Land {
                let plot = self.plot_of(face);
                self.mesh.tags[face as usize].plot = plot;
            }
        }
    }

    fn plot_of(&self, face: u32) -> Plot {
        let ring = self.mesh.ring_points(face);
        let at = ring_centroid(&ring);
        let area = self.mesh.area(face);
        let mut dice = Dice::of(self.seed, "plot", u64::from(face));
        let zone = self.mesh.tags[face as usize].zone;
        if zone == 0 {
            return self.country_plot(face, area, &mut dice);
        }
        let zone = &self.field.zones[zone as usize - 1];
        let reach = at.distance(zone.centre) / zone.radius_m;
        // Works lie together, mostly on one side.
        let works = self.field.noise(at, 1400.0, 31);
        if reach > 0.55 && works > 0.62 && area > 12_000.0 {
            return Plot::Halls;
        }
        let table = table(zone.rank, reach);
        let weights: Vec<f64> = table.iter().map(|&(_, weight)| weight).collect();
        let plot = table[dice.weighted(&weights)].0;
        let least = match plot {
            Plot::School | Plot::Hospital => 14_000.0,
            Plot::Halls | Plot::Towers => 9_000.0,
            Plot::Slabs => 6_500.0,
            _ => 0.0,
        };
        if area < least { Plot::OldTown } else { plot }
    }

    fn country_plot(&self, face: u32, area: f64, dice: &mut Dice) -> Plot {
        let by_the_shore = self
            .mesh
            .ring(face)
            .into_iter()
            .any(|half| matches!(self.lines[self.mesh.line(half) as usize].class, LineClass::Shore));
        let middle = ring_centroid(&self.mesh.ring_points(face));
        if by_the_shore && PORTS.iter().any(|&(lon, lat)| middle.distance(P::at(lon, lat)) < 1300.0) {
            return Plot::Port;
        }
        // Fish ponds lie near the coast, the river and here and there inland.
        let wet = self.field.noise(middle, 2000.0, 51)
            + if middle.x > 19_000.0 && middle.y > 12_000.0 { 0.22 } else { 0.0 };
        if wet > if by_the_shore { 0.55 } else { 0.80 } && area < 160_000.0 && dice.chance(0.7) {
            return Plot::Ponds;
        }
        let by_the_road = self.mesh.ring(face).into_iter().any(|half| {
            matches!(self.lines[self.mesh.line(half) as usize].class, LineClass::Trunk | LineClass::Main)
        });
        let roll = dice.unit();
        let halls = if by_the_road { 0.085 } else { 0.012 };
        if roll < halls && area > 14_000.0 {
            Plot::Halls
        } else if roll > 0.9965 && area > 16_000.0 {
            Plot::School
        } else if roll > 0.985 {
            Plot::Open
        } else {
            Plot::Farm
        }
    }
}

/// The weights of the uses of a block, by the rank of its zone and its distance from the middle in radii.
#[expect(clippy::too_many_lines, reason = "a table")]
fn table(rank: ZoneRank, reach: f64) -> &'static [(Plot, f64)] {
    match (rank, reach) {
        (ZoneRank::City, ..0.28) => &[
            (Plot::Shops, 22.0),
            (Plot::Offices, 10.0),
            (Plot::OldTown, 17.0),
            (Plot::Slabs, 32.0),
            (Plot::Towers, 10.0),
            (Plot::School, 3.5),
            (Plot::Hospital, 1.5),
            (Plot::Market, 2.0),
            (Plot::Park, 3.5),
        ],
        (ZoneRank::City, ..0.75) => &[
            (Plot::Slabs, 38.0),
            (Plot::Towers, 9.0),
            (Plot::Shops, 8.0),
            (Plot::Offices, 5.0),
            (Plot::OldTown, 13.0),
            (Plot::School, 5.0),
            (Plot::Hospital, 0.8),
            (Plot::Market, 1.6),
            (Plot::Park, 6.0),
            (Plot::Open, 4.0),
        ],
        (ZoneRank::City, _) => &[
            (Plot::Slabs, 22.0),
            (Plot::Towers, 9.0),
            (Plot::Halls, 14.0),
            (Plot::OldTown, 20.0),
            (Plot::Farm, 15.0),
            (Plot::School, 3.0),
            (Plot::Market, 0.8),
            (Plot::Park, 6.0),
            (Plot::Open, 4.0),
        ],
        (ZoneRank::Town, ..0.4) => &[
            (Plot::Shops, 24.0),
            (Plot::OldTown, 38.0),
            (Plot::Slabs, 24.0),
            (Plot::Market, 4.0),
            (Plot::School, 4.0),
            (Plot::Hospital, 2.0),
            (Plot::Offices, 3.0),
            (Plot::Park, 2.0),
        ],
        (ZoneRank::Town, _) => &[
            (Plot::OldTown, 36.0),
            (Plot::Slabs, 21.0),
            (Plot::Towers, 3.0),
            (Plot::Halls, 16.0),
            (Plot::School, 4.0),
            (Plot::Farm, 14.0),
            (Plot::Shops, 4.0),
            (Plot::Park, 2.0),
        ],
        (ZoneRank::Hamlet, _) => &[
            (Plot::OldTown, 42.0),
            (Plot::Shops, 14.0),
            (Plot::Slabs, 8.0),
            (Plot::Halls, 12.0),
            (Plot::School, 4.0),
            (Plot::Market, 2.0),
            (Plot::Farm, 18.0),
        ],
    }
}
