//! Roads, waters and the names of places.

use super::Job;
use super::csv_file::CsvFile;
use crate::DemoError;
use crate::field::ZoneRank;
use crate::lines::LineClass;
use crate::mesh::Plot;
use crate::plane::ring_centroid;
use crate::road_pieces::road_pieces;

pub(super) fn roads(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let header = ["code", "name", "class", "width_m", "one_way", "bridge", "geom"];
    let mut csv = CsvFile::create(job.dir, "road.csv", &header)?;
    let pieces = road_pieces(&job.model.network);
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (number, piece) in pieces.iter().enumerate() {
            if !job.scope.touches(job.model, &piece.path) {
                continue;
            }
            csv.code(&format!("320614R{number:06}"))
                .text(&piece.name)
                .text(piece.class)
                .tenths((piece.width_m * 10.0) as i64)
                .bool(false)
                .bool(piece.bridge)
                .line(piece.path.iter().map(|at| at.lattice()))
                .end()?;
        }
    }
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (number, around) in job.model.loops.iter().enumerate() {
            if job.scope.has_face(job.model, around.face) {
                csv.code(&format!("320614RL{number:05}"))
                    .none()
                    .text("path")
                    .tenths(30)
                    .bool(false)
                    .bool(false);
                csv.line(around.path.iter().map(|at| at.lattice())).end()?;
            }
        }
    }
    Ok(vec![csv.finish()?])
}

pub(super) fn waters(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "water.csv", &["code", "name", "class", "width_m", "geom"])?;
    let network = &job.model.network;
    let open = network.mesh.polygons_by_group(&|face| {
        (face > 0 && job.model.is_water(face))
            .then(|| u32::from(ring_centroid(&network.mesh.ring_points(face)).y > 10_000.0))
    });
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (&sea, shape) in open.iter().filter(|_| !job.scope.is_small()) {
            let (class, name) = if sea == 1 { ("sea", "黄海") } else { ("river", "长江") };
            csv.code(&format!("320614WA{sea:05}")).text(name).text(class).none().polygons(shape).end()?;
        }
        for (number, pond) in job.model.ponds.iter().enumerate() {
            if job.scope.has_face(job.model, pond.face) {
                let ring = pond.ring.iter().map(|at| at.lattice()).collect();
                csv.code(&format!("320614WP{number:05}"))
                    .none()
                    .text(if pond.is_lake { "lake" } else { "pond" })
                    .none();
                csv.polygons(&[vec![ring]]).end()?;
            }
        }
        for (number, stroke) in network.strokes.iter().enumerate() {
            let line = &network.lines[stroke.line as usize];
            let class = match line.class {
                LineClass::River => "river",
                LineClass::Canal => "canal",
                LineClass::Ditch => "ditch",
                _ => continue,
            };
            if job.scope.touches(job.model, &stroke.path) {
                csv.code(&format!("320614W{number:06}"))
                    .text(&line.name)
                    .text(class)
                    .tenths((line.width_m * 10.0) as i64)
                    .line(stroke.path.iter().map(|at| at.lattice()))
                    .end()?;
            }
        }
    }
    Ok(vec![csv.finish()?])
}

pub(super) fn places(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "place.csv", &["code", "name", "kind", "rank", "geom"])?;
    let model = job.model;
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (number, zone) in model.network.field.zones.iter().enumerate() {
            let (kind, rank) = match zone.rank {
                ZoneRank::City => ("town", 1),
                ZoneRank::Town => ("town", 2),
                ZoneRank::Hamlet => ("hamlet", 4),
            };
            if job.scope.touches(model, &[zone.centre]) {
                csv.code(&format!("320614PT{number:04}"))
                    .text(zone.name)
                    .text(kind)
                    .int(rank)
                    .point(zone.centre.lattice())
                    .end()?;
            }
        }
        for (number, village) in model.divisions.villages.iter().enumerate() {
            if !job.scope.has_village(model, number as u16) {
                continue;
            }
            if let Some(at) = model.village_heart(number as u16) {
                csv.code_after("P", &village.code)
                    .text(&village.short)
                    .text("village")
                    .int(5)
                    .point(at.lattice())
                    .end()?;
            }
        }
        for (block, compound) in &model.compounds {
            let (kind, rank) = match compound.plot {
                Plot::Slabs | Plot::Towers => ("estate", 7),
                Plot::Park => ("park", 6),
                Plot::Halls | Plot::Port => ("poi", 9),
                Plot::Shops => continue,
                _ => ("poi", 8),
            };
            if job.scope.has_village(model, compound.village) {
                csv.code(&format!("320614PC{block:06}"))
                    .text(&compound.name)
                    .text(kind)
                    .int(rank)
                    .point(compound.centre.lattice())
                    .end()?;
            }
        }
    }
    Ok(vec![csv.finish()?])
}
