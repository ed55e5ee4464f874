//! How calls are refused, once for all of them, and how callers say who they are.

use axum::http::StatusCode;
use utoipa::openapi::header::Header;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::ComponentsBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref};

use super::call::Security;
use super::shape::{map, reply, text, whole};

/// Each refusal, its name in the description, and its meaning.
const REFUSALS: &[(StatusCode, &str, &str)] = &[
    (StatusCode::BAD_REQUEST, "BadRequest", "The request is not understood"),
    (StatusCode::UNAUTHORIZED, "Unauthorized", "No key, or one that is not known or over"),
    (StatusCode::FORBIDDEN, "Forbidden", "A good key that does not open this door"),
    (StatusCode::NOT_FOUND, "NotFound", "There is no such thing"),
    (StatusCode::CONFLICT, "Conflict", "What is there already does not allow it"),
    (StatusCode::PAYLOAD_TOO_LARGE, "TooLarge", "The body is larger than what is accepted"),
    (StatusCode::UNPROCESSABLE_ENTITY, "Invalid", "Some of what was said is wrong, by name"),
    (StatusCode::TOO_MANY_REQUESTS, "TooMany", "This key calls too often"),
];

/// The description of a refusal, by reference.
pub(super) fn reference(status: StatusCode) -> Ref {
    let known = REFUSALS.iter().find(|(one, ..)| *one == status);
    Ref::from_response_name(known.map_or("BadRequest", |(_, name, _)| name))
}

/// Adds all refusals, their form, and the ways of saying who calls.
pub(super) fn components(mut components: ComponentsBuilder) -> ComponentsBuilder {
    let problem = reply(&[("message", text()), ("errors?", map(text().list()))]);
    let problem = problem.named("Problem");
    components = components.schemas_from_iter(problem.named);
    for (status, name, meaning) in REFUSALS {
        let content = Content::new(Some(problem.schema.clone()));
        let mut response =
            ResponseBuilder::new().description(*meaning).content("application/json", content);
        if *status == StatusCode::TOO_MANY_REQUESTS {
            response = response.header("Retry-After", Header::new(whole().schema));
        }
        components = components.response(*name, response);
    }
    for security in Security::ALL {
        components = components.security_scheme(security.name(), scheme(security));
    }
    components
}

fn scheme(security: Security) -> SecurityScheme {
    match security {
        Security::Key => SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            "X-M2X-KEY",
            "A key of the cloud: a master key, or one of a device, a distribution, a collection",
        ))),
        Security::ApiKey => SecurityScheme::ApiKey(ApiKey::Query(ApiKeyValue::with_description(
            "api_key",
            "A key of the device whose channel it is",
        ))),
        Security::Bearer => SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("The token of a device, or the master token"))
                .build(),
        ),
        Security::Token => SecurityScheme::ApiKey(ApiKey::Query(ApiKeyValue::with_description(
            "token",
            "A key of the device",
        ))),
    }
}
