//! The kernel alone on the district's own borders: 10,000 random edits, the exact proof, and GEOS at every 1,000th state.

#[path = "../../../../crates/cim-coverage/tests/random_editor/mod.rs"]
mod random_editor;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};
use cim_coverage::{
    CodeIssuer, EditContext, EditRule, LatticePolygon, Level, Topology, UnitNo, doubled_area,
};
use cim_store::Store;

use crate::database::Database;
use crate::figures::{number, quantile, row, rule};
use crate::report::Report;
use random_editor::RandomEditor;

const EDITS: usize = 10_000;
/// At each of so many edits the whole state is proved, and shown to GEOS.
const PROVED_EVERY: usize = 1_000;
const CITY: &str = "320614";

/// Issues a code that nobody has.
struct Codes;

impl CodeIssuer for Codes {
    fn issue(&self, topology: &Topology, level: Level, _: Option<UnitNo>) -> Option<String> {
        (0_u32..u32::MAX)
            .map(|number| format!("n{number}"))
            .find(|code| topology.unit_by_code(level, code).is_none())
    }

    fn refuse(&self, _: &Topology, _: Level, _: &str) -> Option<EditRule> {
        None
    }
}

pub(super) async fn measure(database: &Database, report: &mut Report) -> Result<()> {
    let mut state = district(database).await?;
    let context = EditContext { outline_is_open: false, overlay_parents_from: Level(2), codes: &Codes };
    let (mut editor, ground) = (RandomEditor::new(5), doubled_ground(&state));
    let (mut edits_us, mut proofs_ms) = (Vec::new(), Vec::new());
    let (mut refused, mut faults, mut drifts, mut asked, mut denied) = (0, 0, 0, 0, 0);
    while edits_us.len() < EDITS {
        let kind = editor.kind();
        let Some(operation) = editor.operation(&state, kind) else { continue };
        let begun = Instant::now();
        let Ok(applied) = state.apply(&operation, &context) else {
            refused += 1;
            continue;
        };
        edits_us.push(begun.elapsed().as_secs_f64() * 1e6);
        state = applied.topology;
        if edits_us.len() % PROVED_EVERY == 0 {
            let begun = Instant::now();
            faults += state.validate().len();
            proofs_ms.push(begun.elapsed().as_secs_f64() * 1e3);
            drifts += usize::from(doubled_ground(&state) != ground);
            let verdict = geos(&state)?;
            asked += usize::from(verdict.is_some());
            denied += usize::from(verdict.is_some_and(|valid| !valid));
        }
    }
    let mean = edits_us.iter().sum::<f64>() / edits_us.len() as f64;
    report.line(format!(
        "{EDITS} random edits done on the district's {} arcs in memory, {refused} more refused; GEOS was asked {asked} times.\n",
        state.arcs().count()
    ));
    report.line(row(&["kernel", "mean", "p50", "p99", "most"]));
    report.line(rule(5));
    for (name, values, mean) in
        [("an edit, us", &mut edits_us, mean), ("full proof, ms", &mut proofs_ms, f64::NAN)]
    {
        let figures =
            [mean, quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1.0)].map(number);
        report.line(row(&[&[name.to_owned()][..], &figures].concat()));
    }
    report.line("");
    report.at_most("an edit in the kernel, p99 ms", quantile(&mut edits_us, 0.99) / 1e3, 5.0);
    report.at_most("full exact proof of the district, worst ms", quantile(&mut proofs_ms, 1.0), 60.0);
    report.at_most("faults of the partition at every 1,000th state", faults as f64, 0.0);
    report.at_most("states whose whole ground differs from the first", drifts as f64, 0.0);
    report.at_most("states that GEOS does not take for a coverage", denied as f64, 0.0);
    Ok(())
}

async fn district(database: &Database) -> Result<Topology> {
    let store = Store::connect(database.address()).await?;
    let revision = store.head_revision(CITY).await?.context("the district has boundaries")?;
    let elements = store.elements_at(CITY, revision.rev).await?;
    Ok(elements.topology(&revision.base_level))
}

fn base_polygons(state: &Topology) -> Vec<Vec<LatticePolygon>> {
    let base = state.units().filter(|(_, unit)| unit.level == state.base_level());
    base.map(|(no, _)| state.polygons_of(no)).collect()
}

fn doubled_ground(state: &Topology) -> i128 {
    base_polygons(state).iter().flatten().map(doubled_area).sum()
}

/// Whether GEOS takes the finest units for a coverage; none where python3 has no shapely that can say.
fn geos(state: &Topology) -> Result<Option<bool>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/cim-coverage/tests/shapely_oracle.py");
    let mut python =
        Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let text: String = base_polygons(state).iter().map(|polygons| wkt(polygons)).collect();
    // Without shapely nobody reads to the end.
    let _sent = python.stdin.take().context("a pipe")?.write_all(text.as_bytes());
    let answer = String::from_utf8(python.wait_with_output()?.stdout)?;
    let answer = answer.trim();
    Ok((answer != "absent" && !answer.is_empty()).then(|| answer.starts_with("valid")))
}

fn wkt(polygons: &[LatticePolygon]) -> String {
    let ring = |ring: &Vec<cim_crs::LatticePoint>| {
        let mut text = String::from("(");
        for point in ring.iter().chain(ring.first()) {
            let _written = write!(text, "{} {},", point.x, point.y);
        }
        text.pop();
        text + ")"
    };
    let polygon = |polygon: &LatticePolygon| {
        let rings: Vec<String> = std::iter::once(&polygon.outer).chain(&polygon.holes).map(ring).collect();
        format!("({})", rings.join(","))
    };
    format!("MULTIPOLYGON({})\n", polygons.iter().map(polygon).collect::<Vec<_>>().join(","))
}
