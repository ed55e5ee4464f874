//! The table of calls: what is in it is served, and the same rows are the description at `/openapi.json`. It owns paths, methods and
//! how a description is put together; what a call does and what it takes stands at its handler.

mod call;
mod refusal;
mod shape;

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::MethodRouter;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ComponentsBuilder, Schema};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::{
    HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, Paths, RefOr, Required, Tag,
};

use crate::app::App;
pub(crate) use call::{Call, Part, Said, Security, delete, get, post, put};
pub(crate) use shape::{
    Fields, Shape, address, any_figure, any_of, anything, at_least, choice, degrees,
    each_of_streams, each_stream, filled, free_form, map, may_be_empty, moment, networks, number,
    pick, plain, reply, request, said, said_up_to, stamp, stream_name, text, text_like, truth,
    when, whole, whole_of, words,
};

/// Calls with their descriptions.
pub(crate) struct Table {
    tag: &'static str,
    router: Router<App>,
    rows: Vec<Row>,
    asides: Vec<String>,
    named: BTreeMap<&'static str, RefOr<Schema>>,
}

/// One call as it is described.
struct Row {
    path: String,
    method: HttpMethod,
    operation: Operation,
}

impl Table {
    /// A table without rows; the description shows what is added under this heading.
    pub(crate) fn new(tag: &'static str) -> Self {
        let (rows, asides) = (Vec::new(), Vec::new());
        Self { tag, router: Router::new(), rows, asides, named: BTreeMap::new() }
    }

    /// What can be done at a path.
    pub(crate) fn at(mut self, path: &str, calls: impl IntoIterator<Item = Call>) -> Self {
        let mut methods = MethodRouter::new();
        self.describe(path, calls, |handler| {
            methods = std::mem::take(&mut methods).merge(handler);
        });
        Self { router: self.router.route(path, methods), ..self }
    }

    /// What can be done at a path that the fallback of the service knows, not its router.
    pub(crate) fn beside(mut self, path: &str, calls: impl IntoIterator<Item = Call>) -> Self {
        self.describe(path, calls, |_| {});
        self
    }

    fn describe(
        &mut self,
        path: &str,
        calls: impl IntoIterator<Item = Call>,
        mut serve: impl FnMut(MethodRouter<App>),
    ) {
        for call in calls {
            let call = call.described(self.tag, path_parameters(path));
            serve(call.handler);
            self.named.extend(call.named);
            let (path, method, operation) = (path.to_owned(), call.method, call.operation);
            self.rows.push(Row { path, method, operation });
        }
    }

    /// What is served but not described: another form of a described path, or what is only refused.
    pub(crate) fn aside(mut self, path: &str, methods: MethodRouter<App>) -> Self {
        self.asides.push(path.to_owned());
        Self { router: self.router.route(path, methods), ..self }
    }

    /// Both tables as one.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self.asides.extend(other.asides);
        self.named.extend(other.named);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// The same below a path.
    pub(crate) fn below(mut self, prefix: &str) -> Self {
        for row in &mut self.rows {
            row.path.insert_str(0, prefix);
        }
        for path in &mut self.asides {
            path.insert_str(0, prefix);
        }
        Self { router: Router::new().nest(prefix, self.router), ..self }
    }

    /// What is served, leaving its description in `described`.
    pub(crate) fn serve(self, described: &mut Description) -> Router<App> {
        described.rows.extend(self.rows);
        described.asides.extend(self.asides);
        described.named.extend(self.named);
        self.router
    }
}

/// A name for an operation, which no other has: `get_v2_devices_device`.
fn id_of(method: &HttpMethod, path: &str) -> String {
    let method = match method {
        HttpMethod::Post => "post",
        HttpMethod::Put => "put",
        HttpMethod::Delete => "delete",
        _ => "get",
    };
    let words = path.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).fold(method.to_owned(), |id, word| id + "_" + word)
}

/// The parameters that a path has in braces.
fn path_parameters(path: &str) -> Vec<Parameter> {
    let names = path.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
    names.map(|name| parameter(name, ParameterIn::Path, true, Shape::segment())).collect()
}

fn parameter(name: &str, place: ParameterIn, is_needed: bool, shape: Shape) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(if is_needed { Required::True } else { Required::False })
        .schema(Some(shape.schema))
        .build()
}

/// What the cloud can do, gathered while its tables are put into service.
#[derive(Default)]
pub(crate) struct Description {
    rows: Vec<Row>,
    asides: Vec<String>,
    named: BTreeMap<&'static str, RefOr<Schema>>,
}

impl Description {
    /// The same as JSON.
    pub(crate) fn json(self) -> String {
        serde_json::to_string(&self.document()).unwrap_or_default()
    }

    /// The document, as OpenAPI 3.1.
    fn document(self) -> OpenApi {
        let info = InfoBuilder::new()
            .title("The workshop's cloud")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some(
                "AT&T M2X v2, the API of the workshop's later server, ThingSpeak, and Blynk's two calls.",
            ));
        let mut tags: Vec<Tag> = Vec::new();
        let mut paths = Paths::new();
        for Row { path, method, mut operation } in self.rows {
            operation.operation_id = Some(id_of(&method, &path));
            for tag in operation.tags.iter().flatten() {
                if !tags.iter().any(|known| known.name == *tag) {
                    tags.push(Tag::new(tag));
                }
            }
            let item = PathItem::new(method, operation);
            match paths.paths.get_mut(&path) {
                Some(known) => known.merge_operations(item),
                None => {
                    paths.paths.insert(path, item);
                }
            }
        }
        let components = ComponentsBuilder::new().schemas_from_iter(self.named);
        let mut document = OpenApiBuilder::new()
            .info(info)
            .servers(Some([ServerBuilder::new().url("/").build()]))
            .paths(paths)
            .components(Some(refusal::components(components).build()))
            .tags(Some(tags))
            .build();
        document.extensions = Some(Extensions::from_iter([("x-also-served", self.asides)]));
        document
    }
}
