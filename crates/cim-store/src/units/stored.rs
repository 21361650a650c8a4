//! Reading the stored coverage as maps and answers show it.

use std::collections::HashMap;

use cim_coverage::{Coverage, CoverageArc, Face, FaceId};
use cim_crs::LatticePoint;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::StoredCoverage;
use super::changed::head as head_of;
use crate::{CoverageHead, StoreError, query};

/// The revision of every city that holds now.
pub(crate) async fn read(client: &Client) -> Result<Vec<StoredCoverage>, StoreError> {
    let mut cities = Vec::new();
    for head in query::COVERAGE_HEADS.rows(client, &[]).await? {
        cities.push(city(client, &head).await?);
    }
    Ok(cities)
}

async fn city(client: &Client, head: &Row) -> Result<StoredCoverage, StoreError> {
    let at: [(&(dyn ToSql + Sync), Type); 2] =
        [(&head.get::<_, String>("city_code"), Type::TEXT), (&head.get::<_, i32>("rev"), Type::INT4)];
    let faces = query::COVERAGE_FACES_AT.rows(client, &at).await?;
    let arcs = query::COVERAGE_ARCS_AT.rows(client, &at).await?;
    let (mut base, mut overlay) = (Codes::default(), Codes::default());
    let mut numbers: HashMap<i64, FaceId> = HashMap::new();
    let mut coverage = Coverage::default();
    for (number, row) in (0..).zip(&faces) {
        numbers.insert(row.get("id"), FaceId(number));
        let face = Face {
            base: base.number(row.get("base_code")),
            overlay: row.get::<_, Option<String>>("overlay_code").map(|code| overlay.number(code)),
        };
        coverage.faces.push(face);
    }
    let side = |face: Option<i64>| face.and_then(|face| numbers.get(&face).copied());
    coverage.arcs = arcs
        .iter()
        .map(|row| CoverageArc {
            points: points(&row.get::<_, Vec<i64>>("points")),
            left: side(row.get("left_face")),
            right: side(row.get("right_face")),
        })
        .collect();
    let CoverageHead { city_code, revision, clean, base_level } = head_of(head);
    Ok(StoredCoverage {
        city_code,
        revision,
        clean,
        coverage: clean.then_some(coverage),
        base_level,
        base_codes: base.codes,
        overlay_codes: overlay.codes,
        face_ids: faces.iter().map(|row| row.get("id")).collect(),
        arc_ids: arcs.iter().map(|row| row.get("id")).collect(),
    })
}

pub(super) fn points(numbers: &[i64]) -> Vec<LatticePoint> {
    numbers.chunks_exact(2).map(|pair| LatticePoint { x: pair[0], y: pair[1] }).collect()
}

/// Codes in the order they are first met.
#[derive(Default)]
struct Codes {
    codes: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Codes {
    fn number(&mut self, code: String) -> u32 {
        if let Some(number) = self.numbers.get(&code) {
            return *number;
        }
        let number = u32::try_from(self.codes.len()).expect("a city has fewer than 2^32 units");
        self.codes.push(code.clone());
        self.numbers.insert(code, number);
        number
    }
}
