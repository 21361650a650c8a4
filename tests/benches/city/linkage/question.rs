//! One question: how it is asked of us and of PostGIS, how quickly both answer, and whether they agree.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio_postgres::{Client, Statement};

use super::{here, same};
use crate::client::Connection;
use crate::figures::{number, quantile, row};
use crate::report::Report;

/// A case and a point at or near it.
pub(crate) struct Probe {
    pub(crate) case_no: String,
    pub(crate) lon: f64,
    pub(crate) lat: f64,
    /// Its words, for questions about written places.
    pub(crate) text: String,
}

/// How two answers compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Agreement {
    Equal,
    /// They differ in what lies so near to a border that the last digits decide.
    AtBorder,
    Differ(String),
}

/// What is asked, and what it has to reach.
pub(crate) struct Question {
    name: &'static str,
    path: fn(&Probe) -> (String, Option<String>),
    compared: Option<Compared>,
    p99_ms: f64,
    times: f64,
}

/// The same question in SQL.
struct Compared {
    sql: &'static str,
    parameters: Parameters,
    agree: fn(&Value, &[tokio_postgres::Row]) -> Result<Agreement>,
}

impl Compared {
    async fn rows(
        &self,
        client: &Client,
        statement: &Statement,
        probe: &Probe,
    ) -> Result<Vec<tokio_postgres::Row>> {
        Ok(match self.parameters {
            Parameters::Point => client.query(statement, &[&probe.lon, &probe.lat]).await?,
            Parameters::Case => client.query(statement, &[&probe.case_no]).await?,
            Parameters::Square => {
                let [west, south, east, north] = square(probe);
                client.query(statement, &[&west, &south, &east, &north]).await?
            }
        })
    }
}

#[derive(Clone, Copy)]
enum Parameters {
    Point,
    Case,
    Square,
}

/// So many probes are asked of both beforehand.
const WARM_UP: usize = 100;
/// Half the side of the square of 2 km, degrees of longitude and latitude.
const HALF_SQUARE: (f64, f64) = (0.010_58, 0.009_02);

/// Probes from the database; every second one is moved some metres, so that not all stand on a case.
pub(crate) async fn probes(client: &Client, count: i64) -> Result<Vec<Probe>> {
    let rows = client.query(include_str!("../sql/linkage_probes.sql"), &[&count]).await?;
    let probe = |(place, row): (usize, &tokio_postgres::Row)| {
        let moved = if place % 2 == 0 { 0.0 } else { ((place * 7_919) % 1_000) as f64 / 1e6 - 0.000_5 };
        let (lon, lat): (f64, f64) = (row.get("lon"), row.get("lat"));
        let digits = |degrees: f64| (degrees * 1e8).round() / 1e8;
        let text: Option<String> = row.get("raw_location");
        Probe {
            case_no: row.get("case_no"),
            lon: digits(lon + moved),
            lat: digits(lat - moved * 0.7),
            text: text.unwrap_or_default(),
        }
    };
    Ok(rows.iter().enumerate().map(probe).collect())
}

fn square(probe: &Probe) -> [f64; 4] {
    let (x, y) = HALF_SQUARE;
    [probe.lon - x, probe.lat - y, probe.lon + x, probe.lat + y]
}

impl Question {
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub(crate) fn all() -> Vec<Self> {
        let compared = |sql, parameters, agree| Some(Compared { sql, parameters, agree });
        vec![
            Self {
                name: "nearest 20 open cases within 500 m",
                path: |probe| {
                    (format!("/v1/nearby?{}&radius_m=500&kinds=case&state=open&limit=20", here(probe)), None)
                },
                compared: compared(
                    include_str!("../sql/linkage_nearby.sql"),
                    Parameters::Point,
                    same::nearby,
                ),
                p99_ms: 2.0,
                times: 5.0,
            },
            Self {
                name: "responsibility of a point",
                path: |probe| (format!("/v1/responsibility?{}", here(probe)), None),
                compared: compared(
                    include_str!("../sql/linkage_responsibility.sql"),
                    Parameters::Point,
                    same::responsibility,
                ),
                p99_ms: 1.0,
                times: 3.0,
            },
            Self {
                name: "cameras seeing a point",
                path: |probe| (format!("/v1/cameras/seeing?{}&limit=500", here(probe)), None),
                compared: compared(
                    include_str!("../sql/linkage_seeing.sql"),
                    Parameters::Point,
                    same::seeing,
                ),
                p99_ms: 5.0,
                times: 5.0,
            },
            Self {
                name: "repeats of a case",
                path: |probe| (format!("/v1/cases/{}/repeats", probe.case_no), None),
                compared: compared(
                    include_str!("../sql/linkage_repeats.sql"),
                    Parameters::Case,
                    same::repeats,
                ),
                p99_ms: 2.0,
                times: 5.0,
            },
            Self {
                name: "around a case, 500 m",
                path: |probe| (format!("/v1/around/case/{}?radius_m=500", probe.case_no), None),
                compared: None,
                p99_ms: 15.0,
                times: f64::NAN,
            },
            Self {
                name: "within a square of 2 km",
                path: |probe| {
                    let [west, south, east, north] = square(probe);
                    let ring = format!(
                        "[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]"
                    );
                    let body = format!("{{\"area\":{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}}}");
                    ("/v1/within".to_owned(), Some(body))
                },
                compared: compared(
                    include_str!("../sql/linkage_within.sql"),
                    Parameters::Square,
                    same::within,
                ),
                p99_ms: 15.0,
                times: 10.0,
            },
            Self {
                name: "locate one text",
                path: |probe| {
                    let encoded: String = form_urlencoded::byte_serialize(probe.text.as_bytes()).collect();
                    (format!("/v1/locate?text={encoded}"), None)
                },
                compared: None,
                p99_ms: 15.0,
                times: f64::NAN,
            },
        ]
    }

    pub(crate) async fn measure(
        &self,
        client: &Client,
        address: SocketAddr,
        probes: &[Probe],
        report: &mut Report,
    ) -> Result<()> {
        let asked: Vec<&Probe> = probes.iter().filter(|probe| self.fits(probe)).collect();
        let (mut ours, answers) = self.ask_all(address, &asked)?;
        let (mut theirs, counts) = self.compare(client, &asked, &answers).await?;
        let (p50, p99) = (quantile(&mut ours, 0.5), quantile(&mut ours, 0.99));
        let their_p99 = quantile(&mut theirs, 0.99);
        report.at_most(format!("{}, p99 ms", self.name), p99, self.p99_ms);
        report.at_least(format!("{}, times PostGIS at p99", self.name), their_p99 / p99, self.times);
        let count = |place: usize| counts.map_or_else(|| "-".to_owned(), |counts| counts[place].to_string());
        report.line(row(&[
            self.name.to_owned(),
            number(p50),
            number(p99),
            number(quantile(&mut theirs, 0.5)),
            number(their_p99),
            number(their_p99 / p99),
            count(0),
            count(1),
            count(2),
        ]));
        if let Some(counts) = counts {
            report.at_most(
                format!("{}, answers that differ without explanation", self.name),
                counts[2] as f64,
                0.0,
            );
        }
        Ok(())
    }

    /// The same without PostGIS, on a city with more cases: at most twice the time.
    pub(crate) fn measure_alone(
        &self,
        address: SocketAddr,
        probes: &[Probe],
        report: &mut Report,
    ) -> Result<()> {
        let asked: Vec<&Probe> = probes.iter().filter(|probe| self.fits(probe)).collect();
        let (mut times, _) = self.ask_all(address, &asked)?;
        let (p50, p99) = (quantile(&mut times, 0.5), quantile(&mut times, 0.99));
        report.line(row(&[self.name.to_owned(), number(p50), number(p99)]));
        report.at_most(format!("{} with 5 million cases, p99 ms", self.name), p99, self.p99_ms * 2.0);
        Ok(())
    }

    /// Whether the question can be asked about a probe: a text needs words.
    fn fits(&self, probe: &Probe) -> bool {
        self.name != "locate one text" || !probe.text.is_empty()
    }

    /// The milliseconds of each answer, and the answers.
    fn ask_all(&self, address: SocketAddr, probes: &[&Probe]) -> Result<(Vec<f64>, Vec<Vec<u8>>)> {
        let mut connection = Connection::open(address)?;
        for probe in probes.iter().take(WARM_UP) {
            self.ask(&mut connection, probe)?;
        }
        let (mut times, mut answers) = (Vec::with_capacity(probes.len()), Vec::with_capacity(probes.len()));
        for probe in probes {
            let begun = Instant::now();
            let answer = self.ask(&mut connection, probe)?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            answers.push(answer);
        }
        Ok((times, answers))
    }

    fn ask(&self, connection: &mut Connection, probe: &Probe) -> Result<Vec<u8>> {
        let (path, body) = (self.path)(probe);
        let answer = match &body {
            None => connection.get(&path, "")?,
            Some(body) => connection.post(&path, "application/json", body.as_bytes())?,
        };
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, String::from_utf8_lossy(answer.body));
        Ok(answer.body.to_vec())
    }

    /// PostGIS's times, and how many answers are equal, differ at a border, or differ otherwise.
    async fn compare(
        &self,
        client: &Client,
        probes: &[&Probe],
        answers: &[Vec<u8>],
    ) -> Result<(Vec<f64>, Option<[usize; 3]>)> {
        let Some(compared) = &self.compared else { return Ok((Vec::new(), None)) };
        let statement = client.prepare(compared.sql).await.context(self.name)?;
        let mut times = Vec::with_capacity(probes.len());
        let mut counts = [0; 3];
        for probe in probes.iter().take(WARM_UP) {
            compared.rows(client, &statement, probe).await?;
        }
        for (probe, answer) in probes.iter().zip(answers) {
            let begun = Instant::now();
            let rows = compared.rows(client, &statement, probe).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            let answer: Value = serde_json::from_slice(answer)?;
            match (compared.agree)(&answer, &rows)? {
                Agreement::Equal => counts[0] += 1,
                Agreement::AtBorder => counts[1] += 1,
                Agreement::Differ(how) => {
                    counts[2] += 1;
                    if counts[2] <= 5 {
                        println!("{}: {} {} {}: {how}", self.name, probe.case_no, probe.lon, probe.lat);
                    }
                }
            }
        }
        Ok((times, Some(counts)))
    }
}
