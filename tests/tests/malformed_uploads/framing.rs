//! Bodies whose HTTP is broken, or that stop arriving.

use std::thread::scope;
use std::time::Duration;

use cim_tests::running::Running;
use cim_tests::wire::{WireRequest, head};

use crate::upload::{Due, Upload, complaint};

/// A body that stops arriving is waited for ten seconds.
pub(crate) const GIVEN_UP_WITHIN: Duration = Duration::from_secs(30);

/// Bodies whose HTTP is broken.
pub(crate) fn broken_framing(session: &str) -> Vec<Upload> {
    let mut uploads = Vec::new();
    let mut add = |what: &str, headers: &[(&str, &str)], body: &[u8]| {
        for path in ["/v1/cases", "/v1/responsibility/batch", "/v1/within"] {
            let headers =
                [&[("cookie", session), ("content-type", "application/json")][..], headers].concat();
            let request = WireRequest {
                head: head("POST", path, &headers),
                body: vec![(body.to_vec(), 1)],
                ends: true,
            };
            uploads.push(Upload { name: format!("POST {path}: {what}"), request, due: Due::ProblemOrClosed });
        }
    };
    let chunked = [("transfer-encoding", "chunked")];
    add("a chunk of no size", &chunked, b"zz\r\n{}\r\n0\r\n\r\n");
    add("a chunk of a size that cannot be", &chunked, b"ffffffffffffffffff\r\n{}");
    add("a chunk of less than it says", &chunked, b"ffff\r\n{}");
    add("chunks without an end", &chunked, b"1\r\n{\r\n1\r\n}\r\n");
    add("a length that is longer", &[("content-length", "1000")], b"{");
    add("a length that is none", &[("content-length", "many")], b"{}");
    add("a negative length", &[("content-length", "-1")], b"{}");
    add("two lengths", &[("content-length", "1"), ("content-length", "2")], b"{}");
    add("a length beyond every machine", &[("content-length", "18446744073709551615")], b"{}");
    add("an unknown coding", &[("transfer-encoding", "gzip")], b"{}");
    uploads
}

/// Who sends half a body and then nothing, with the connection open, is told so in the end.
pub(crate) fn stopped_bodies_are_given_up(running: &Running, session: &str) {
    let headers = [("cookie", session), ("content-type", "application/json")];
    let length = [("content-length", "1000")];
    let chunked = [("transfer-encoding", "chunked")];
    scope(|scope| {
        for path in ["/v1/cases", "/v1/within", "/v1/locate/batch", "/v1/session"] {
            for (framing, body) in [(&length, "{\"title\""), (&chunked, "1\r\n{\r\n")] {
                let head = head("POST", path, &[&headers[..], framing].concat());
                let request = WireRequest { head, body: vec![(body.as_bytes().to_vec(), 1)], ends: false };
                scope.spawn(move || {
                    let reply = request.send(&running.address, GIVEN_UP_WITHIN);
                    let complaint = complaint(Due::Problem, &reply);
                    assert!(complaint.is_none(), "{path}: {complaint:?}");
                });
            }
        }
    });
}
