//! `/v1/cases/{id}/reveal` and `/v1/search/phone`: who is behind a case, with a reason that the audit log keeps.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use cim_city::{CasesOfPhone, City, PhoneBody, RevealBody, RevealedPerson};

use crate::account::PRIVATE;
use crate::body::JsonBody;
use crate::guard::{Asking, Scoped};
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;

pub(crate) async fn reveal(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asking(caller): Asking,
    Path(case_no): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    JsonBody(body): JsonBody<RevealBody>,
) -> Result<impl IntoResponse, ApiError> {
    let revealed = city.reveal_person(&scope, &caller, &case_no, &body).await?;
    Ok((PRIVATE, Json::<RevealedPerson>(revealed)))
}

pub(crate) async fn cases_of_phone(
    State(city): State<City>,
    Scoped(scope): Scoped,
    Asking(caller): Asking,
    Asked(Nothing): Asked<Nothing>,
    JsonBody(body): JsonBody<PhoneBody>,
) -> Result<impl IntoResponse, ApiError> {
    let found = city.cases_of_phone(&scope, &caller, &body).await?;
    Ok((PRIVATE, Json::<CasesOfPhone>(found)))
}
