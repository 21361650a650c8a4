//! `POST /v1/responsibility/batch`: who is responsible for each of many points, as JSON or as a stream of CSV.
//!
//! Drawback: the CSV answer flows while the question is still being sent, so a client that reads nothing before it has
//! sent everything may stall on a long file; send in parts, or read while sending, as curl does.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use cim_access::Scope;
use tokio::sync::oneshot;

use crate::answer::mark_snapshot;
use crate::app::App;
use crate::batch_rows::BatchCutOff;
use crate::body::{JsonBody, expect_type};
use crate::byte_stream::{BodyReader, BodyWriter};
use crate::freshness::Fresh;
use crate::guard::Scoped;
use crate::params::{Asked, FromParams, Params};
use crate::problem::ApiError;
use crate::{batch_csv, batch_json};

/// What holds for every point of a CSV batch.
#[derive(Debug, Default)]
pub(crate) struct ForAllPoints {
    pub(crate) crs: Option<String>,
    pub(crate) category: Option<String>,
}

impl FromParams for ForAllPoints {
    fn from_params(params: &mut Params) -> Result<Self, ApiError> {
        Ok(Self { crs: params.text("crs"), category: params.text("category") })
    }
}

pub(crate) async fn batch(
    State(app): State<App>,
    Scoped(scope): Scoped,
    Asked(for_all): Asked<ForAllPoints>,
    _fresh: Fresh,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    expect_type(&headers, &["application/json", "text/csv"], "application/json or text/csv")?;
    if expect_type(&headers, &["text/csv"], "text/csv").is_ok() {
        let reader = BodyReader::new(request.into_body());
        return stream(app, scope, "text/csv; charset=utf-8", move |job| {
            batch_csv::answer(job, reader, &for_all);
        })
        .await;
    }
    let JsonBody(question) = JsonBody::<batch_json::Question>::from_request(request, &()).await?;
    let question = question.checked(for_all)?;
    stream(app, scope, "application/json", move |job| batch_json::answer(job, question)).await
}

/// A batch at work on a blocking thread.
pub(crate) struct Job {
    pub(crate) city: cim_city::City,
    pub(crate) scope: Arc<Scope>,
    pub(crate) writer: BodyWriter,
    pub(crate) started: Started,
}

/// Says once whether the batch could begin; after that, only cutting the answer off is left.
pub(crate) struct Started(oneshot::Sender<Result<String, ApiError>>);

impl Started {
    /// It began, from this snapshot.
    pub(crate) fn yes(self, snapshot: String) {
        let _ = self.0.send(Ok(snapshot));
    }

    pub(crate) fn no(self, error: ApiError) {
        let _ = self.0.send(Err(error));
    }
}

/// Runs the work off the asynchronous threads and answers with what it writes.
async fn stream(
    app: App,
    scope: Arc<Scope>,
    content_type: &'static str,
    work: impl FnOnce(Job) + Send + 'static,
) -> Result<Response, ApiError> {
    let permit = app.batches.try_acquire_owned().ok().ok_or(ApiError::TooBusy)?;
    let (writer, body) = BodyWriter::new();
    let (sender, started) = oneshot::channel();
    let job = Job { city: app.city, scope, writer, started: Started(sender) };
    tokio::task::spawn_blocking(move || {
        work(job);
        drop(permit);
    });
    match started.await {
        Ok(Ok(snapshot)) => Ok(respond(body, content_type, &snapshot)),
        Ok(Err(error)) => Err(error),
        Err(gone) => Err(ApiError::Panicked { message: gone.to_string() }),
    }
}

fn respond(body: Body, content_type: &'static str, snapshot: &str) -> Response {
    let mut response = ([(header::CONTENT_TYPE, content_type)], body).into_response();
    mark_snapshot(&mut response, Some(snapshot));
    response
}

/// Ends a batch that had started.
pub(crate) fn finish(mut writer: BodyWriter, outcome: Result<(), BatchCutOff>) {
    use io::Write as _;
    match outcome.and_then(|()| writer.flush().map_err(BatchCutOff::from)) {
        Ok(()) => {}
        Err(error) => {
            tracing::info!(error = %error, "a batch was cut off");
            writer.fail(io::Error::other(error));
        }
    }
}
