//! What the server counts about itself, and how Prometheus reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the duration buckets, in seconds: tiles are answered in tens of microseconds, loads in minutes.
const BUCKETS_S: [f64; 12] = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0];

/// Counters of requests. One lock around a small map: it is held for a few additions.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<RequestLabels, Histogram>>,
}

/// What requests are counted by. Only route templates, never addresses, so the number of rows is bounded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RequestLabels {
    pub(crate) method: &'static str,
    pub(crate) route: String,
    pub(crate) status: u16,
}

#[derive(Debug, Default, Clone)]
struct Histogram {
    buckets: [u64; BUCKETS_S.len()],
    count: u64,
    sum_s: f64,
}

impl Metrics {
    pub(crate) fn record(&self, labels: RequestLabels, duration: Duration) {
        let seconds = duration.as_secs_f64();
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let histogram = requests.entry(labels).or_default();
        histogram.count += 1;
        histogram.sum_s += seconds;
        for (bucket, bound) in histogram.buckets.iter_mut().zip(BUCKETS_S) {
            *bucket += u64::from(seconds <= bound);
        }
    }

    /// The request counters in Prometheus text.
    pub(crate) fn write_requests(&self, page: &mut Page) {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        page.family("cim_http_requests_total", "counter", "Requests answered, by route and status.");
        for (labels, histogram) in &requests {
            page.sample("cim_http_requests_total", &labels.pairs(), histogram.count);
        }
        let name = "cim_http_request_duration_seconds";
        page.family(name, "histogram", "Time from the request's head to the answer's head.");
        for (labels, histogram) in &requests {
            let pairs = labels.pairs();
            for (count, bound) in histogram.buckets.iter().zip(BUCKETS_S) {
                let bound = bound.to_string();
                page.sample(
                    &format!("{name}_bucket"),
                    &[&pairs[..], &[("le", bound.as_str())]].concat(),
                    count,
                );
            }
            page.sample(
                &format!("{name}_bucket"),
                &[&pairs[..], &[("le", "+Inf")]].concat(),
                histogram.count,
            );
            page.sample(&format!("{name}_sum"), &pairs, histogram.sum_s);
            page.sample(&format!("{name}_count"), &pairs, histogram.count);
        }
    }
}

impl RequestLabels {
    fn pairs(&self) -> [(&'static str, &str); 3] {
        [("method", self.method), ("route", &self.route), ("status", status_text(self.status))]
    }
}

/// Status codes we send, as text that lives for ever.
fn status_text(status: u16) -> &'static str {
    const KNOWN: [(u16, &str); 21] = [
        (200, "200"),
        (201, "201"),
        (204, "204"),
        (304, "304"),
        (400, "400"),
        (401, "401"),
        (403, "403"),
        (404, "404"),
        (405, "405"),
        (406, "406"),
        (409, "409"),
        (412, "412"),
        (413, "413"),
        (415, "415"),
        (421, "421"),
        (422, "422"),
        (428, "428"),
        (429, "429"),
        (500, "500"),
        (503, "503"),
        (308, "308"),
    ];
    KNOWN.iter().find(|(code, _)| *code == status).map_or("other", |(_, text)| text)
}

/// A page of metrics being written.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    pub(crate) fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    pub(crate) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (place, (label, text)) in labels.iter().enumerate() {
            let opening = if place == 0 { '{' } else { ',' };
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.0, "{opening}{label}=\"{escaped}\"");
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    /// A family of one sample without labels.
    pub(crate) fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.family(name, "gauge", help);
        self.sample(name, &[], value);
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// Resident memory of this process in bytes, where the system tells.
pub(crate) fn resident_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_into_cumulative_buckets() {
        let metrics = Metrics::default();
        let labels = RequestLabels { method: "GET", route: "/v1/nearby".to_owned(), status: 200 };
        metrics.record(labels.clone(), Duration::from_micros(200));
        metrics.record(labels, Duration::from_millis(20));
        let mut page = Page::default();
        metrics.write_requests(&mut page);
        let text = page.finish();
        let series = "method=\"GET\",route=\"/v1/nearby\",status=\"200\"";
        for line in [
            format!("cim_http_requests_total{{{series}}} 2"),
            format!("cim_http_request_duration_seconds_bucket{{{series},le=\"0.0001\"}} 0"),
            format!("cim_http_request_duration_seconds_bucket{{{series},le=\"0.0003\"}} 1"),
            format!("cim_http_request_duration_seconds_bucket{{{series},le=\"+Inf\"}} 2"),
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }

    #[test]
    fn label_values_are_escaped() {
        let mut page = Page::default();
        page.sample("x", &[("a", "q\"u\\o\nte")], 1);
        assert_eq!(page.finish(), "x{a=\"q\\\"u\\\\o\\nte\"} 1\n");
    }
}
