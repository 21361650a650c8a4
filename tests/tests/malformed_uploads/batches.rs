//! Batches in lines and tables, of which nothing can be taken in.

use cim_tests::wire::WireRequest;

use crate::upload::{Due, LONG, Upload};

/// Batches in lines, of which none is an object that means something.
pub(crate) fn broken_lines(session: &str) -> Vec<Upload> {
    let mut uploads = Vec::new();
    for path in ["/v1/cases", "/v1/inspections", "/v1/findings", "/v1/cameras"] {
        let headers = [("cookie", session), ("content-type", "application/x-ndjson")];
        let mut add = |what: &str, due, body: Vec<(Vec<u8>, usize)>| {
            let request = WireRequest::filled("POST", path, &headers, body);
            uploads.push(Upload { name: format!("POST {path} in lines: {what}"), request, due });
        };
        for (what, line) in [
            ("cut objects", "{\"title\":\"t\n"),
            ("lists", "[1,2]\n"),
            ("texts", "title\n"),
            ("empty objects", "{}\n"),
            ("fields twice", "{\"title\":\"a\",\"title\":\"b\"}\n"),
            ("unknown fields", "{\"colour\":\"red\"}\n"),
            ("lone surrogates", "{\"title\":\"\\ud800\"}\n"),
            ("no numbers", "{\"lon\":NaN}\n"),
            ("too large numbers", "{\"lon\":1e999}\n"),
            ("carriage returns", "{\"title\":\"t\"\r}\r\n"),
        ] {
            add(what, Due::NothingTaken, vec![(line.as_bytes().to_vec(), 20)]);
        }
        add("GBK", Due::NothingTaken, vec![(b"{\"title\":\"\xba\xa3\xc3\xc5\"}\n".to_vec(), 20)]);
        add("NUL", Due::NothingTaken, vec![(b"{\"title\":\"a\0\"}\n".to_vec(), 20)]);
        add("nested lists", Due::NothingTaken, vec![(b"[".to_vec(), 1_000_000)]);
        add("an object in many lines", Due::NothingTaken, vec![(b"{\n\"title\"\n:\n\"t\"\n}\n".to_vec(), 1)]);
        add("too many lines", Due::Problem, vec![(b"{}\n".to_vec(), 10_001)]);
        add("one line too long", Due::ProblemOrClosed, vec![(vec![b'{'; 65_536], LONG / 65_536 + 1)]);
    }
    uploads
}

/// Tables of points that are none.
pub(crate) fn broken_tables(session: &str) -> Vec<Upload> {
    let megabyte = vec![b'9'; 1 << 20];
    let mut uploads = Vec::new();
    let mut add = |what: &str, query: &str, body: Vec<(Vec<u8>, usize)>| {
        let path = format!("/v1/responsibility/batch{query}");
        let headers = [("cookie", session), ("content-type", "text/csv")];
        let due = if body.iter().map(|(part, times)| part.len() * times).sum::<usize>() > 1 << 20 {
            Due::ProblemOrClosed
        } else {
            Due::Problem
        };
        let request = WireRequest::filled("POST", &path, &headers, body);
        uploads.push(Upload { name: format!("POST {path} as a table: {what}"), request, due });
    };
    let once = |bytes: &[u8]| vec![(bytes.to_vec(), 1)];
    add("nothing", "", Vec::new());
    add("no columns of ours", "", once(b"x,y\n1,2\n"));
    add("one column of ours", "", once(b"lon\n1\n"));
    add("UTF-16", "", once(&"lon,lat\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()));
    add("NUL in the names", "", once(b"lon\0,lat\n1,2\n"));
    add("GBK in the names", "", once(b"lon,lat,\xb5\xd8\xd6\xb7\n121,31,1\n"));
    add("GBK in the first row", "", once(b"lon,lat,address\n121,31,\xba\xa3\xc3\xc5\n"));
    add("an unknown system", "?crs=mars", once(b"lon,lat\n121,31\n"));
    add("a system of no place", "?crs=epsg:0", once(b"lon,lat\n121,31\n"));
    add("a million columns", "", vec![(b"c,".to_vec(), 1_000_000), (b"lon,lat\n1,2\n".to_vec(), 1)]);
    add("a hundred thousand other columns", "", vec![(b"c,".to_vec(), 100_000), (b"\n1,2\n".to_vec(), 1)]);
    add("a line of 50 MB", "", vec![(megabyte.clone(), 50)]);
    add("a first row of 50 MB", "", vec![(b"lon,lat\n".to_vec(), 1), (megabyte.clone(), 50)]);
    add(
        "a quote that never closes",
        "",
        vec![(b"lon,lat\n\"".to_vec(), 1), (b"121,31\n".to_vec(), 1_000_000)],
    );
    add("a quoted name of 50 MB", "", vec![(b"\"lon".to_vec(), 1), (megabyte, 50)]);
    uploads
}
