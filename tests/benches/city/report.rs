//! What is printed, and kept in docs/BENCHMARKS.md between marks of its own.

use std::fs;
use std::path::Path;

use anyhow::Result;
use jiff::Zoned;

use crate::database::Database;
use crate::figures::{number, row, rule};

/// One part's tables.
pub(crate) struct Report {
    part: &'static str,
    lines: Vec<String>,
    goals: Vec<[String; 4]>,
}

impl Report {
    /// Begins a part: its heading, the command that prints it again, the machine and the versions.
    pub(crate) async fn begin(
        part: &'static str,
        heading: &str,
        database: &Database,
        others: &str,
    ) -> Result<Self> {
        let mut report = Self { part, lines: Vec::new(), goals: Vec::new() };
        report.line(format!("## {heading}: `make bench-{part}`"));
        report.line("");
        let versions = database.versions().await?;
        report.line(format!(
            "{}, {versions}, cim {}{others}, release build, {}.",
            machine(),
            env!("CARGO_PKG_VERSION"),
            Zoned::now().date()
        ));
        report.line("");
        Ok(report)
    }

    /// Prints a line and keeps it.
    pub(crate) fn line(&mut self, text: impl Into<String>) {
        let text = text.into();
        println!("{text}");
        self.lines.push(text);
    }

    /// Keeps a figure that has to be at least so much.
    pub(crate) fn at_least(&mut self, what: impl Into<String>, figure: f64, least: f64) {
        self.goal(what.into(), figure, format!("at least {}", number(least)), figure >= least);
    }

    /// Keeps a figure that has to be at most so much.
    pub(crate) fn at_most(&mut self, what: impl Into<String>, figure: f64, most: f64) {
        self.goal(what.into(), figure, format!("at most {}", number(most)), figure <= most);
    }

    fn goal(&mut self, what: String, figure: f64, goal: String, is_met: bool) {
        // What was not measured has no figure.
        if figure.is_finite() {
            self.goals.push([what, number(figure), goal, if is_met { "yes" } else { "no" }.to_owned()]);
        }
    }

    /// Writes the goals, and the part into the handbook, in the place of what the last run said.
    pub(crate) fn end(mut self) -> Result<()> {
        if !self.goals.is_empty() {
            self.line("");
            self.line(row(&["what", "figure", "goal", "met"]));
            self.line(rule(4));
        }
        for goal in std::mem::take(&mut self.goals) {
            self.line(row(&goal));
        }
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/BENCHMARKS.md");
        let text = fs::read_to_string(&file)?;
        let (open, close) =
            (format!("<!-- bench {} -->", self.part), format!("<!-- /bench {} -->", self.part));
        let block = format!("{open}\n{}\n{close}", self.lines.join("\n").trim_end());
        let text = match (text.split_once(&open), text.split_once(&close)) {
            (Some((before, _)), Some((_, after))) => format!("{before}{block}{after}"),
            _ => format!("{}\n\n{block}\n", text.trim_end()),
        };
        fs::write(&file, text)?;
        Ok(())
    }
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default();
    format!("{cores} cores ({}), {:.0} GiB", std::env::consts::ARCH, kib / 1024.0 / 1024.0)
}
