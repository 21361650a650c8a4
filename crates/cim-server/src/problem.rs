//! Everything that can go wrong for a client, and how it is told: RFC 9457 problem documents.
//!
//! A handler returns an [`ApiError`]. It becomes a bare response that carries the error in its extensions; the request
//! layer, which knows the client's language and the request's id, writes the document and the log line.

use std::sync::Arc;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cim_city::CityError;
use serde_json::{Map, Value, json};

use crate::language::{Language, Words};
use crate::problem_kind::ProblemKind;

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("parameter {name} has the value `{given}`")]
    BadParameter { name: String, given: String, expected: Words },
    #[error("parameter {name} is unknown")]
    UnknownParameter { name: String, known: Vec<&'static str> },
    #[error("parameter {name} is missing")]
    MissingParameter { name: &'static str },
    #[error("the body is not readable")]
    BadBody { reason: Words },
    #[error("no such path")]
    NoSuchPath,
    #[error("no such {what}")]
    NoSuchThing { what: &'static str, remedy: Words },
    #[error("no such method")]
    MethodNotAllowed,
    #[error("no acceptable encoding")]
    NoAcceptableEncoding,
    #[error("content type `{given}`")]
    UnsupportedMediaType { given: String, expected: &'static str },
    #[error("no version is named")]
    NoVersion,
    #[error("too much was asked")]
    TooMuch { remedy: Words },
    #[error("host or origin `{host}` is not this machine")]
    WrongHost { host: String },
    #[error("the request's handler panicked: {message}")]
    Panicked { message: String },
    #[error("the write asked for is not visible")]
    NotYetVisible(#[source] CityError),
    #[error("as many batches as allowed are being worked on")]
    TooBusy,
    #[error("asked too often")]
    TooOften { retry_after_s: u32 },
    #[error("not answered by the city")]
    City(#[from] CityError),
}

impl ApiError {
    pub(crate) fn bad_parameter(name: &str, given: &str, expected: Words) -> Self {
        let shown: String = given.chars().take(80).collect();
        Self::BadParameter { name: name.to_owned(), given: shown, expected }
    }

    pub(crate) fn kind(&self) -> ProblemKind {
        match self {
            Self::BadParameter { .. } => ProblemKind::BadParameter,
            Self::UnknownParameter { .. } => ProblemKind::UnknownParameter,
            Self::MissingParameter { .. } => ProblemKind::MissingParameter,
            Self::BadBody { .. } => ProblemKind::BadBody,
            Self::NoSuchPath | Self::NoSuchThing { .. } => ProblemKind::NotFound,
            Self::MethodNotAllowed => ProblemKind::MethodNotAllowed,
            Self::NoAcceptableEncoding => ProblemKind::NotAcceptable,
            Self::UnsupportedMediaType { .. } => ProblemKind::UnsupportedMediaType,
            Self::NoVersion => ProblemKind::NoVersion,
            Self::TooMuch { .. } => ProblemKind::TooMuch,
            Self::WrongHost { .. } => ProblemKind::WrongHost,
            Self::Panicked { .. } => ProblemKind::Internal,
            Self::NotYetVisible(_) => ProblemKind::NotYetVisible,
            Self::TooBusy => ProblemKind::Unavailable,
            Self::TooOften { .. } => ProblemKind::TooOften,
            Self::City(error) => crate::city_problem::kind(error),
        }
    }

    /// What exactly is wrong and what to do about it; nothing for our own faults, whose cause stays in the log.
    fn detail(&self) -> Option<Words> {
        Some(match self {
            Self::BadParameter { name, given, expected } => with_remedy(
                &format!("{name} cannot be `{given}`"),
                &format!("{name} 不能为“{given}”"),
                expected,
            ),
            Self::UnknownParameter { name, known } => Words::new(
                format!(
                    "`{name}` is not a parameter of this address. {}",
                    list_or("It takes", "It takes none.", known)
                ),
                format!("该地址没有参数“{name}”。{}", list_or("可用参数：", "该地址不接受参数。", known)),
            ),
            Self::MissingParameter { name } => {
                Words::new(format!("add the parameter {name}"), format!("请给出参数 {name}"))
            }
            Self::BadBody { reason } => reason.clone(),
            Self::NoSuchPath => {
                Words::new("no such address; /api/docs lists them all", "没有这个地址；全部地址见 /api/docs")
            }
            Self::NoSuchThing { remedy, .. } | Self::TooMuch { remedy } => remedy.clone(),
            Self::NoVersion => Words::new(
                "send the ETag of the thing as it was read as If-Match",
                "请在 If-Match 中给出读取时的 ETag",
            ),
            Self::MethodNotAllowed => Words::new("see the Allow header", "请见 Allow 头"),
            Self::NoAcceptableEncoding => Words::new(
                "accept one of zstd, br, gzip or identity",
                "请接受 zstd、br、gzip 或 identity 之一",
            ),
            Self::UnsupportedMediaType { expected, .. } => Words::new(
                format!("send content-type: {expected}"),
                format!("请使用 content-type: {expected}"),
            ),
            Self::WrongHost { host } => Words::new(
                format!(
                    "`{host}` is no name of this server; open the address that it told at its start, or start it \
                     with `--name` and this name"
                ),
                format!("“{host}”不是本服务器的名称；请用启动时显示的地址访问，或用 --name 加上此名称启动"),
            ),
            Self::Panicked { .. } => return None,
            Self::NotYetVisible(_) => Words::new(
                "the write has not reached this server yet; ask again",
                "该写入尚未到达本服务器，请稍后再试",
            ),
            Self::TooBusy => Words::new("too many batches at once; ask again", "批量任务过多，请稍后再试"),
            Self::TooOften { retry_after_s } => Words::new(
                format!("too many requests; ask again in {retry_after_s} seconds"),
                format!("请求过于频繁，请在 {retry_after_s} 秒后再试"),
            ),
            Self::City(error) => return crate::city_problem::detail(error),
        })
    }

    fn retry_after_s(&self) -> u32 {
        match self {
            Self::City(error) | Self::NotYetVisible(error) => {
                crate::city_problem::retry_after_s(error).unwrap_or(1)
            }
            Self::TooOften { retry_after_s } => *retry_after_s,
            _ => 1,
        }
    }

    fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        match self {
            Self::BadParameter { name, .. } | Self::UnknownParameter { name, .. } => {
                members.insert("parameter".to_owned(), json!(name));
            }
            Self::MissingParameter { name } => {
                members.insert("parameter".to_owned(), json!(name));
            }
            Self::City(error) => members = crate::city_problem::members(error),
            _ => {}
        }
        members
    }

    /// The problem document in the reader's language.
    pub(crate) fn document(&self, language: Language, request_id: &str) -> Value {
        let kind = self.kind();
        let mut document = self.members();
        document.insert("type".to_owned(), json!(format!("/api/problems/{}", kind.name())));
        document.insert("title".to_owned(), json!(kind.title(language)));
        document.insert("status".to_owned(), json!(kind.status().as_u16()));
        document.insert("request_id".to_owned(), json!(request_id));
        if let Some(detail) = self.detail().filter(|_| kind.status().as_u16() != 500) {
            document.insert("detail".to_owned(), json!(detail.speak(language)));
        }
        Value::Object(document)
    }
}

fn with_remedy(english: &str, chinese: &str, remedy: &Words) -> Words {
    Words::new(
        format!("{english}: {}", remedy.speak(Language::English)),
        format!("{chinese}：{}", remedy.speak(Language::Chinese)),
    )
}

fn list_or(some: &str, none: &str, known: &[&str]) -> String {
    if known.is_empty() { none.to_owned() } else { format!("{some} {}", known.join(", ")) }
}

/// The error of a response, for the request layer.
#[derive(Clone)]
pub(crate) struct Carried(pub(crate) Arc<ApiError>);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.kind().status();
        let mut response = status.into_response();
        if matches!(status.as_u16(), 429 | 503) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(self.retry_after_s()));
        }
        if status.as_u16() == 401 {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}
