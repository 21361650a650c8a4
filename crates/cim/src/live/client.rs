//! A small HTTP client for our own interface.

use std::net::SocketAddr;
use std::time::Duration;

use cim_access::secret::ApiToken;
use serde_json::Value;

/// Why a request brought nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// The server answered with a problem.
    #[error("{path}: {status} {detail}")]
    Problem {
        /// What was asked.
        path: String,
        /// The status.
        status: u16,
        /// The problem's detail or title.
        detail: String,
    },
    /// The server could not be reached or its answer not be read.
    #[error("the request failed")]
    Failed(#[from] ureq::Error),
}

pub(crate) struct Client {
    agent: ureq::Agent,
    base: String,
    /// The header that names who asks.
    authorization: Option<String>,
}

impl Client {
    pub(crate) fn new(server: SocketAddr, token: Option<&ApiToken>) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .build();
        let authorization = token.map(|token| format!("Bearer {}", token.reveal().as_str()));
        Self { agent: config.into(), base: format!("http://{server}"), authorization }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value, Refused> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let answer = request.call()?;
        read(path, answer)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value, Refused> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let answer = request.send_json(body)?;
        read(path, answer)
    }
}

fn read(path: &str, mut answer: ureq::http::Response<ureq::Body>) -> Result<Value, Refused> {
    let status = answer.status();
    let body: Value = answer.body_mut().read_json()?;
    if status.is_success() {
        return Ok(body);
    }
    let told = body["detail"].as_str().or_else(|| body["title"].as_str()).unwrap_or_default();
    Err(Refused::Problem { path: path.to_owned(), status: status.as_u16(), detail: told.to_owned() })
}
