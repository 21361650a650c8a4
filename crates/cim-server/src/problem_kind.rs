//! The closed list of problems a client can meet: their stable names, status codes and titles.

use axum::http::StatusCode;

use crate::language::Language;

/// A kind of problem. The name is part of the contract: `type` is `/api/problems/{name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    BadParameter,
    UnknownParameter,
    MissingParameter,
    BadBody,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    StateConflict,
    Stale,
    NoVersion,
    TooMuch,
    UnsupportedMediaType,
    WrongHost,
    Refused,
    NotSignedIn,
    SignInRefused,
    SecondFactorNeeded,
    LinkRefused,
    LockedOut,
    TooOften,
    NotAllowed,
    Internal,
    Unavailable,
    NotYetVisible,
}

impl ProblemKind {
    pub(crate) const ALL: [Self; 24] = [
        Self::BadParameter,
        Self::UnknownParameter,
        Self::MissingParameter,
        Self::BadBody,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::StateConflict,
        Self::Stale,
        Self::NoVersion,
        Self::TooMuch,
        Self::UnsupportedMediaType,
        Self::WrongHost,
        Self::Refused,
        Self::NotSignedIn,
        Self::SignInRefused,
        Self::SecondFactorNeeded,
        Self::LinkRefused,
        Self::LockedOut,
        Self::TooOften,
        Self::NotAllowed,
        Self::Internal,
        Self::Unavailable,
        Self::NotYetVisible,
    ];

    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    pub(crate) fn status(self) -> StatusCode {
        self.row().1
    }

    pub(crate) fn title(self, language: Language) -> &'static str {
        let (_, _, english, chinese) = self.row();
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table")]
    fn row(self) -> (&'static str, StatusCode, &'static str, &'static str) {
        match self {
            Self::BadParameter => {
                ("bad-parameter", StatusCode::BAD_REQUEST, "A parameter cannot be understood", "参数无法识别")
            }
            Self::UnknownParameter => {
                ("unknown-parameter", StatusCode::BAD_REQUEST, "There is no such parameter", "没有这个参数")
            }
            Self::MissingParameter => {
                ("missing-parameter", StatusCode::BAD_REQUEST, "A parameter is missing", "缺少参数")
            }
            Self::BadBody => {
                ("bad-body", StatusCode::BAD_REQUEST, "The body cannot be understood", "请求体无法识别")
            }
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "There is nothing here", "没有找到"),
            Self::MethodNotAllowed => (
                "method-not-allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "This address has no such method",
                "该地址不支持此方法",
            ),
            Self::NotAcceptable => {
                ("not-acceptable", StatusCode::NOT_ACCEPTABLE, "No acceptable encoding", "没有可接受的编码")
            }
            Self::StateConflict => {
                ("state-conflict", StatusCode::CONFLICT, "Not allowed in the present state", "当前状态不允许")
            }
            Self::Stale => (
                "stale",
                StatusCode::PRECONDITION_FAILED,
                "It has changed since it was read",
                "数据已被他人修改",
            ),
            Self::NoVersion => (
                "no-version",
                StatusCode::PRECONDITION_REQUIRED,
                "The version that was read must be named",
                "必须指明所读取的版本",
            ),
            Self::TooMuch => {
                ("too-much", StatusCode::PAYLOAD_TOO_LARGE, "Too much was asked", "一次请求过多")
            }
            Self::UnsupportedMediaType => (
                "unsupported-media-type",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "This content type is not read here",
                "不支持此内容类型",
            ),
            Self::WrongHost => (
                "wrong-host",
                StatusCode::MISDIRECTED_REQUEST,
                "This server has another name",
                "服务器名称不符",
            ),
            Self::Refused => {
                ("refused", StatusCode::UNPROCESSABLE_ENTITY, "A rule refuses this", "不符合规则")
            }
            Self::NotSignedIn => ("not-signed-in", StatusCode::UNAUTHORIZED, "Sign in first", "请先登录"),
            Self::SignInRefused => {
                ("sign-in-refused", StatusCode::UNAUTHORIZED, "The sign-in is refused", "登录被拒绝")
            }
            Self::SecondFactorNeeded => (
                "second-factor-needed",
                StatusCode::UNAUTHORIZED,
                "A code of the second factor is needed",
                "需要动态验证码",
            ),
            Self::LinkRefused => ("link-refused", StatusCode::GONE, "The link holds no longer", "链接已失效"),
            Self::LockedOut => {
                ("locked-out", StatusCode::TOO_MANY_REQUESTS, "Too many wrong passwords", "密码错误次数过多")
            }
            Self::TooOften => {
                ("too-often", StatusCode::TOO_MANY_REQUESTS, "Too many requests", "请求过于频繁")
            }
            Self::NotAllowed => {
                ("not-allowed", StatusCode::FORBIDDEN, "The account may not do this", "该账号无此权限")
            }
            Self::Internal => {
                ("internal", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here", "服务器内部错误")
            }
            Self::Unavailable => {
                ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "Not available at the moment", "暂时不可用")
            }
            Self::NotYetVisible => (
                "not-yet-visible",
                StatusCode::SERVICE_UNAVAILABLE,
                "That write is not visible yet",
                "写入尚未可见",
            ),
        }
    }
}
