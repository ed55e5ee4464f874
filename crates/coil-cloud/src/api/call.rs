//! A row of the table: a handler, and what it says of itself. What its arguments say (the key, the body, the path) is taken from their
//! types; the row adds what types do not tell.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{self, MethodRouter};
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, OperationBuilder, Parameter, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, HttpMethod, RefOr, Required};

use super::refusal;
use super::shape::{Fields, Shape, address, name_of, reply, text, whole};
use crate::app::App;

/// The ways in which a caller says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// The header `X-M2X-KEY`.
    Key,
    /// ThingSpeak's `?api_key=`.
    ApiKey,
    /// `Authorization: Bearer …`.
    Bearer,
    /// Blynk's `?token=`.
    Token,
}

impl Security {
    pub(super) const ALL: [Self; 4] = [Self::Key, Self::ApiKey, Self::Bearer, Self::Token];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Key => "X-M2X-KEY",
            Self::ApiKey => "api_key",
            Self::Bearer => "Bearer",
            Self::Token => "token",
        }
    }
}

/// What the arguments of a handler say of its call.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) security: Option<Security>,
    pub(crate) refusals: BTreeSet<StatusCode>,
}

impl Said {
    /// The call needs a key, which may not be there or not be good for it.
    pub(crate) fn needs(&mut self, security: Security) {
        self.security = Some(security);
        self.refusals.extend([
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
            StatusCode::TOO_MANY_REQUESTS,
        ]);
    }
}

/// An argument of a handler.
pub(crate) trait Part {
    /// Adds what it says of the call; most say nothing.
    fn say(_: &mut Said) {}
}

impl<T> Part for State<T> {}
impl Part for HeaderMap {}
impl<T> Part for Extension<T> {}
impl<T> Part for Option<Extension<T>> {}
impl Part for Request {}

impl<T> Part for Path<T> {
    /// What a path names may not be there.
    fn say(said: &mut Said) {
        said.refusals.insert(StatusCode::NOT_FOUND);
    }
}

/// The arguments of a handler as axum lists them: how the last is taken, then all of them.
pub(crate) trait Parts {
    fn say(said: &mut Said);
}

impl Parts for ((),) {
    fn say(_: &mut Said) {}
}

macro_rules! parts {
    ($($part:ident)*) => {
        impl<Way, $($part: Part),*> Parts for (Way, $($part,)*) {
            fn say(said: &mut Said) {
                $($part::say(said);)*
            }
        }
    };
}
parts!(A);
parts!(A B);
parts!(A B C);
parts!(A B C D);
parts!(A B C D E);
parts!(A B C D E F);

/// One call: a method, its handler, its description.
pub(crate) struct Call {
    method: HttpMethod,
    handler: MethodRouter<App>,
    about: &'static str,
    said: Said,
    segments: Vec<(&'static str, Shape)>,
    query: Vec<Parameter>,
    body: Option<RequestBody>,
    responses: BTreeMap<String, RefOr<Response>>,
    named: BTreeMap<&'static str, RefOr<Schema>>,
}

/// What the table keeps of a call.
pub(super) struct Described {
    pub(super) method: HttpMethod,
    pub(super) handler: MethodRouter<App>,
    pub(super) operation: Operation,
    pub(super) named: BTreeMap<&'static str, RefOr<Schema>>,
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {
        $(
            #[doc = concat!("A call by ", stringify!($method), ", in a few words.")]
            pub(crate) fn $name<H, T>(handler: H, about: &'static str) -> Call
            where
                H: Handler<T, App>,
                T: Parts + 'static,
            {
                Call::new::<T>(HttpMethod::$method, routing::$name(handler), about)
            }
        )*
    };
}
methods!(get Get post Post put Put delete Delete);

impl Call {
    fn new<T: Parts>(method: HttpMethod, handler: MethodRouter<App>, about: &'static str) -> Self {
        let mut said = Said::default();
        T::say(&mut said);
        let (segments, query, body) = (Vec::new(), Vec::new(), None);
        let (responses, named) = (BTreeMap::new(), BTreeMap::new());
        Self { method, handler, about, said, segments, query, body, responses, named }
    }

    /// Who may call, where no argument says it.
    pub(crate) fn secured(mut self, by: Security) -> Self {
        self.said.security = Some(by);
        self
    }

    /// What a part of the path can be, where it is not any text.
    pub(crate) fn with(mut self, name: &'static str, mut shape: Shape) -> Self {
        self.named.append(&mut shape.named);
        self.segments.push((name, shape));
        self
    }

    /// Parameters of the query.
    pub(crate) fn asks(mut self, fields: Fields<'_>) -> Self {
        for (marked, shape) in fields {
            let (name, is_needed) = name_of(marked);
            let mut shape = shape.clone();
            self.named.append(&mut shape.named);
            self.query.push(super::parameter(name, ParameterIn::Query, is_needed, shape));
        }
        self
    }

    fn content(&mut self, shape: Shape) -> Content {
        self.named.extend(shape.named);
        Content::new(Some(shape.schema))
    }

    /// A body of JSON.
    pub(crate) fn takes(self, shape: Shape) -> Self {
        self.body(shape, Required::True)
    }

    /// A body of JSON, or null, or none.
    pub(crate) fn may_take(self, shape: Shape) -> Self {
        self.body(shape.or_null(), Required::False)
    }

    /// A body as a browser's form sends it.
    pub(crate) fn takes_form(self, shape: Shape) -> Self {
        self.body_as("application/x-www-form-urlencoded", shape, Required::True)
    }

    fn body(self, shape: Shape, required: Required) -> Self {
        self.body_as("application/json", shape, required)
    }

    fn body_as(mut self, content_type: &str, shape: Shape, required: Required) -> Self {
        let content = self.content(shape);
        let body = RequestBodyBuilder::new().content(content_type, content);
        self.body = Some(body.required(Some(required)).build());
        self
    }

    fn responds(mut self, status: u16, response: ResponseBuilder) -> Self {
        self.responses.insert(status.to_string(), RefOr::T(response.build()));
        self
    }

    fn responds_with(self, status: u16, words: &str, shape: Shape) -> Self {
        self.responds_as(status, words, "application/json", shape)
    }

    /// A status with a body of some type.
    pub(crate) fn responds_as(
        mut self,
        status: u16,
        words: &str,
        content_type: &str,
        shape: Shape,
    ) -> Self {
        let content = self.content(shape);
        let response = ResponseBuilder::new().description(words);
        self.responds(status, response.content(content_type, content))
    }

    /// 200 with JSON.
    pub(crate) fn answers(self, shape: Shape) -> Self {
        self.responds_with(200, "Here it is", shape)
    }

    /// 200 with a page of a list.
    pub(crate) fn pages(self, name: &str, of: Shape) -> Self {
        let fields = [
            (name, of.list()),
            ("total", whole()),
            ("pages", whole()),
            ("limit", whole()),
            ("current_page", whole()),
        ];
        self.answers(reply(&fields))
    }

    /// 200 with a text of another type than JSON.
    pub(crate) fn answers_text(self, content_type: &str) -> Self {
        self.responds_as(200, "Here it is", content_type, text())
    }

    /// 200 with an empty body.
    pub(crate) fn answers_nothing(self) -> Self {
        self.responds(200, ResponseBuilder::new().description("Done"))
    }

    /// 201 with the new thing; where it is stands in `Location`.
    pub(crate) fn makes(mut self, shape: Shape) -> Self {
        let content = self.content(shape);
        let response = ResponseBuilder::new()
            .description("It is made")
            .content("application/json", content)
            .header("Location", Header::new(address().schema));
        self.responds(201, response)
    }

    /// 201 with the new thing, which has no address that could be told.
    pub(crate) fn makes_in_secret(self, shape: Shape) -> Self {
        self.responds_with(201, "It is made", shape)
    }

    /// 202 with JSON.
    pub(crate) fn accepts(self, shape: Shape) -> Self {
        self.responds_with(202, "It is stored", shape)
    }

    /// 202 with JSON and an address.
    pub(crate) fn sends(mut self, shape: Shape) -> Self {
        let content = self.content(shape);
        let response = ResponseBuilder::new().description("It is sent");
        let response = response.content("application/json", content);
        self.responds(202, response.header("Location", Header::new(address().schema)))
    }

    /// 202 without a body; where to ask on stands in `Location`.
    pub(crate) fn accepts_for_later(self) -> Self {
        let response = ResponseBuilder::new().description("It is under way");
        self.responds(202, response.header("Location", Header::new(address().schema)))
    }

    /// 204.
    pub(crate) fn done(self) -> Self {
        self.responds(204, ResponseBuilder::new().description("Done"))
    }

    /// One more reason for a refusal in the common form.
    pub(crate) fn refuses(mut self, status: StatusCode) -> Self {
        self.said.refusals.insert(status);
        self
    }

    /// Refuses by one status and in a form of its own only.
    pub(crate) fn refuses_only(self, status: u16, shape: Shape) -> Self {
        self.refuses_nothing_else().responds_with(status, "It is refused", shape)
    }

    /// Refuses by what is said beside this only.
    pub(crate) fn refuses_nothing_else(mut self) -> Self {
        self.said.refusals.clear();
        self
    }

    /// The call under a heading, with the parameters of its path.
    pub(super) fn described(mut self, tag: &str, mut parameters: Vec<Parameter>) -> Described {
        for (name, shape) in self.segments {
            if let Some(parameter) = parameters.iter_mut().find(|one| one.name == name) {
                parameter.schema = Some(shape.schema);
            }
        }
        parameters.append(&mut self.query);
        let mut operation = OperationBuilder::new()
            .tag(tag)
            .summary(Some(self.about))
            .parameters(Some(parameters))
            .request_body(self.body);
        if let Some(by) = self.said.security {
            let none: [&str; 0] = [];
            operation = operation.security(SecurityRequirement::new(by.name(), none));
        }
        for (status, response) in self.responses {
            operation = operation.response(status, response);
        }
        for status in &self.said.refusals {
            operation = operation.response(status.as_str(), refusal::reference(*status));
        }
        let (method, handler, named) = (self.method, self.handler, self.named);
        Described { method, handler, operation: operation.build(), named }
    }
}
