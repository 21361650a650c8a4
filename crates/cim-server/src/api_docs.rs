//! The interface described: the OpenAPI document, a readable page made of it, and a page for each kind of problem.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;

use crate::language::{Language, Words};
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::problem_kind::ProblemKind;
use crate::web_app::no_such;

/// The document as it is sent, `OpenAPI` 3.0.3.
pub(crate) const OPENAPI: &str = include_str!("../openapi.json");

pub(crate) async fn openapi(Asked(Nothing): Asked<Nothing>) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], OPENAPI)
        .into_response()
}

pub(crate) async fn stylesheet(Asked(Nothing): Asked<Nothing>) -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLESHEET).into_response()
}

pub(crate) async fn docs(Asked(Nothing): Asked<Nothing>) -> Html<&'static str> {
    static PAGE: LazyLock<String> = LazyLock::new(|| {
        let document = serde_json::from_str(OPENAPI).expect("the document is checked by a test");
        page(&document)
    });
    Html(&PAGE)
}

pub(crate) async fn problem(
    Path(name): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    headers: HeaderMap,
) -> Result<Html<String>, ApiError> {
    let kind = ProblemKind::ALL.into_iter().find(|kind| kind.name() == name);
    let kind =
        kind.ok_or_else(|| no_such("problem", "/api/docs names the problems", "问题类型见 /api/docs"))?;
    let language = Language::asked_for(&headers);
    let words = Words::new(
        "The detail member of the answer says what exactly was wrong and what to do.",
        "响应中的 detail 说明了具体原因和处理方法。",
    );
    let (title, status) = (kind.title(language), kind.status().as_u16());
    let body =
        format!("<h1>{title}</h1><p><code>{name}</code>, HTTP {status}</p><p>{}</p>", words.speak(language));
    Ok(Html(frame(title, language.tag(), &body)))
}

fn page(document: &Value) -> String {
    let mut body = format!(
        "<h1>{}</h1><p>{}</p><p><a href=\"/api/openapi.json\">openapi.json</a></p>",
        escaped(&document["info"]["title"]),
        escaped(&document["info"]["description"])
    );
    for (path, methods) in members(&document["paths"]) {
        for (method, operation) in members(methods).filter(|(name, _)| *name != "parameters") {
            let _ = write!(
                body,
                "<section><h2><b>{}</b> <code>{path}</code></h2><p>{}</p>",
                method.to_uppercase(),
                escaped(&operation["summary"])
            );
            let _ = write!(body, "<p>{}</p>", escaped(&operation["description"]));
            write_parameters(&mut body, document, operation);
            write_answers(&mut body, document, operation);
            body.push_str("</section>");
        }
    }
    let problems = ProblemKind::ALL.into_iter().map(|kind| {
        let (name, title) = (kind.name(), kind.title(Language::English));
        format!(
            "<tr><td><a href=\"/api/problems/{name}\">{name}</a><td>{}<td>{title}",
            kind.status().as_u16()
        )
    });
    let _ =
        write!(body, "<section><h2>Problems</h2><table>{}</table></section>", problems.collect::<String>());
    frame("cim API", "en", &body)
}

fn write_parameters(body: &mut String, document: &Value, operation: &Value) {
    let Some(parameters) = operation["parameters"].as_array().filter(|list| !list.is_empty()) else { return };
    body.push_str("<table><tr><th>parameter<th>in<th>meaning");
    for parameter in parameters.iter().map(|one| resolved(document, one)) {
        let needed = if parameter["required"] == true { " *" } else { "" };
        let _ = write!(
            body,
            "<tr><td><code>{}</code>{needed}<td>{}<td>{}",
            escaped(&parameter["name"]),
            escaped(&parameter["in"]),
            escaped(&parameter["description"])
        );
    }
    body.push_str("</table>");
}

fn write_answers(body: &mut String, document: &Value, operation: &Value) {
    body.push_str("<table><tr><th>status<th>answer");
    for (status, answer) in members(&operation["responses"]) {
        let answer = resolved(document, answer);
        let types = members(&answer["content"]).map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let _ =
            write!(body, "<tr><td>{status}<td>{} <small>{types}</small>", escaped(&answer["description"]));
    }
    body.push_str("</table>");
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn escaped(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn frame(title: &str, language: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/api/docs.css\">\
         <main>{body}</main></html>"
    )
}

const STYLESHEET: &str = ":root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}\
    main{max-width:60rem;margin:2rem auto;padding:0 1rem}h2{font-size:1.05rem;margin:2rem 0 .3rem}\
    h2 b{font-size:.8rem;border:1px solid;border-radius:.3rem;padding:.1rem .4rem;margin-right:.4rem}\
    table{border-collapse:collapse;width:100%;margin:.5rem 0}\
    td,th{border-bottom:1px solid #8884;padding:.25rem .6rem;text-align:left;vertical-align:top}\
    small{opacity:.7}section{border-top:1px solid #8884}";
