//! Shapes of JSON values, in words short enough for a table: what a client may say, what an answer looks like. A name that ends
//! with `?` need not be there. It must not know which call they belong to.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, Object, ObjectBuilder, Schema, SchemaFormat,
    SchemaType, Type,
};
use utoipa::openapi::{KnownFormat, Ref, RefOr};

/// The shape of a value, with the named shapes that it refers to.
#[derive(Clone)]
pub(crate) struct Shape {
    pub(super) schema: RefOr<Schema>,
    pub(super) named: BTreeMap<&'static str, RefOr<Schema>>,
}

/// Names with their shapes.
pub(crate) type Fields<'a> = &'a [(&'a str, Shape)];

/// A name without its mark, and whether it must be there.
pub(super) fn name_of(marked: &str) -> (&str, bool) {
    marked.strip_suffix('?').map_or((marked, true), |name| (name, false))
}

impl Shape {
    fn new(schema: impl Into<Schema>) -> Self {
        Self { schema: RefOr::T(schema.into()), named: BTreeMap::new() }
    }

    fn of_types(types: impl IntoIterator<Item = Type>) -> ObjectBuilder {
        ObjectBuilder::new().schema_type(SchemaType::from_iter(types))
    }

    /// The same under a name, by which others refer to it.
    pub(crate) fn named(mut self, name: &'static str) -> Self {
        self.named.insert(name, self.schema);
        Self { schema: RefOr::Ref(Ref::from_schema_name(name)), named: self.named }
    }

    /// The same with nothing beyond what it names.
    pub(crate) fn closed(mut self) -> Self {
        if let RefOr::T(Schema::Object(object)) = &mut self.schema {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
        self
    }

    /// A part of a path.
    pub(super) fn segment() -> Self {
        Self::new(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)))
    }

    /// A list of so many of these.
    pub(crate) fn list_of(self, least: usize, most: usize) -> Self {
        let list = ArrayBuilder::new().items(self.schema);
        let list = list.min_items(Some(least)).max_items(Some(most)).build();
        Self { schema: RefOr::T(list.into()), named: self.named }
    }

    /// A list of one of these or more.
    pub(crate) fn some(self) -> Self {
        let list = ArrayBuilder::new().items(self.schema).min_items(Some(1)).build();
        Self { schema: RefOr::T(list.into()), named: self.named }
    }

    /// A list of these.
    pub(crate) fn list(self) -> Self {
        let list = ArrayBuilder::new().items(self.schema).build();
        Self { schema: RefOr::T(list.into()), named: self.named }
    }

    /// This, or null.
    pub(crate) fn or_null(self) -> Self {
        match self.schema {
            RefOr::T(Schema::Object(mut object)) => {
                object.schema_type = match object.schema_type {
                    SchemaType::AnyValue => SchemaType::AnyValue,
                    SchemaType::Type(one) => SchemaType::Array(vec![one, Type::Null]),
                    SchemaType::Array(mut several) => {
                        several.push(Type::Null);
                        SchemaType::Array(several)
                    }
                };
                if let Some(values) = &mut object.enum_values {
                    values.push(Value::Null);
                }
                Self { schema: RefOr::T(object.into()), named: self.named }
            }
            _ => any_of([self, Self::new(Object::with_type(Type::Null))]),
        }
    }
}

/// One of several shapes.
pub(crate) fn any_of(shapes: impl IntoIterator<Item = Shape>) -> Shape {
    let mut named = BTreeMap::new();
    let all = shapes.into_iter().fold(AnyOfBuilder::new(), |all, shape| {
        named.extend(shape.named);
        all.item(shape.schema)
    });
    Shape { schema: RefOr::T(all.build().into()), named }
}

fn object(fields: Fields<'_>, is_request: bool) -> Shape {
    let mut named = BTreeMap::new();
    let mut object = ObjectBuilder::new().schema_type(Type::Object);
    for (marked, shape) in fields {
        let (name, is_needed) = name_of(marked);
        let shape = shape.clone();
        // What a client says as null, it does not say.
        let shape = if is_request && !is_needed { shape.or_null() } else { shape };
        named.extend(shape.named);
        object = object.property(name, shape.schema);
        if is_needed {
            object = object.required(name);
        }
    }
    Shape { schema: RefOr::T(object.build().into()), named }
}

/// What a client says: what it says beyond these is ignored.
pub(crate) fn request(fields: Fields<'_>) -> Shape {
    object(fields, true)
}

/// What an answer holds, and nothing else.
pub(crate) fn reply(fields: Fields<'_>) -> Shape {
    object(fields, false).closed()
}

/// What a stream can be called.
const STREAM_NAME: &str = r"^[\w.-]{1,255}$";

/// The name of a stream.
pub(crate) fn stream_name() -> Shape {
    Shape::new(ObjectBuilder::new().schema_type(Type::String).pattern(Some(STREAM_NAME)))
}

/// The same for so many streams.
pub(crate) fn each_of_streams(least: usize, most: usize, of: Shape) -> Shape {
    let mut shape = each_stream(of);
    if let RefOr::T(Schema::Object(object)) = &mut shape.schema {
        (object.min_properties, object.max_properties) = (Some(least), Some(most));
    }
    shape
}

/// Names of streams, each with a value of this shape.
pub(crate) fn each_stream(of: Shape) -> Shape {
    let name = ObjectBuilder::new().schema_type(Type::String).pattern(Some(STREAM_NAME));
    let object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(name))
        .additional_properties(Some(AdditionalProperties::RefOr(of.schema)));
    Shape { schema: RefOr::T(object.build().into()), named: of.named }
}

/// Names that are chosen freely, each with a value of this shape.
pub(crate) fn map(of: Shape) -> Shape {
    let object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::RefOr(of.schema)));
    Shape { schema: RefOr::T(object.build().into()), named: of.named }
}

/// Any value at all.
pub(crate) fn anything() -> Shape {
    Shape::new(ObjectBuilder::new().schema_type(SchemaType::AnyValue))
}

/// An object with whatever is in it.
pub(crate) fn free_form() -> Shape {
    Shape::new(Object::with_type(Type::Object))
}

/// A text.
pub(crate) fn text() -> Shape {
    Shape::new(Object::with_type(Type::String))
}

/// A truth value.
pub(crate) fn truth() -> Shape {
    Shape::new(Object::with_type(Type::Boolean))
}

/// One of these words.
pub(crate) fn choice(words: &[&str]) -> Shape {
    let values = words.iter().map(|word| json!(word));
    Shape::new(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)))
}

/// A whole number from 0 on.
pub(crate) fn whole() -> Shape {
    whole_of(0, i64::MAX)
}

/// A whole number from `least` to `most`.
pub(crate) fn whole_of(least: i64, most: i64) -> Shape {
    let whole = ObjectBuilder::new().schema_type(Type::Integer);
    Shape::new(whole.minimum(Some(least)).maximum(Some(most)))
}

/// A number from `least` on.
pub(crate) fn at_least(least: i64) -> Shape {
    Shape::new(ObjectBuilder::new().schema_type(Type::Number).minimum(Some(least)))
}

/// A text as clients say it, of so many letters at most.
pub(crate) fn said_up_to(most: usize) -> Shape {
    let types = [Type::String, Type::Number, Type::Boolean];
    Shape::new(Shape::of_types(types).max_length(Some(most)))
}

/// A text of this form, of so many letters at most.
pub(crate) fn text_like(pattern: &str, most: usize) -> Shape {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    Shape::new(text.max_length(Some(most)))
}

/// A number.
pub(crate) fn number() -> Shape {
    Shape::new(Object::with_type(Type::Number))
}

/// A point in time: `2014-09-09T19:15:00.000Z`.
pub(crate) fn stamp() -> Shape {
    let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
    Shape::new(ObjectBuilder::new().schema_type(Type::String).format(Some(format)))
}

/// An address.
pub(crate) fn address() -> Shape {
    let format = SchemaFormat::Custom("uri".to_owned());
    Shape::new(ObjectBuilder::new().schema_type(Type::String).format(Some(format)))
}

/// A value that a stream or a field of metadata holds.
pub(crate) fn plain() -> Shape {
    Shape::new(Shape::of_types([Type::String, Type::Number, Type::Boolean]))
}

/// A text as clients say it: numbers and truth values count as their text.
pub(crate) fn said() -> Shape {
    plain()
}

/// The same, and more than blanks.
pub(crate) fn filled() -> Shape {
    let types = [Type::String, Type::Number, Type::Boolean];
    Shape::new(Shape::of_types(types).pattern(Some(r"\S")))
}

/// A point in time as clients say it; an empty text says none.
pub(crate) fn when() -> Shape {
    may_be_empty(stamp())
}

/// A point in time, or whole seconds since 1970.
pub(crate) fn moment() -> Shape {
    let seconds = Shape::of_types([Type::String, Type::Integer]).pattern(Some("^[0-9]{1,10}$"));
    any_of([stamp(), Shape::new(seconds.minimum(Some(0)).maximum(Some(9_999_999_999_i64)))])
}

/// This, or an empty text, which says nothing.
pub(crate) fn may_be_empty(shape: Shape) -> Shape {
    let empty = ObjectBuilder::new().schema_type(Type::String).max_length(Some(0));
    any_of([shape, Shape::new(empty)])
}

/// One of these words as clients say it; an empty text says none.
pub(crate) fn pick(words: &[&str]) -> Shape {
    let mut words = words.to_vec();
    words.push("");
    choice(&words)
}

/// Addresses and networks, with commas; an empty text says none.
pub(crate) fn networks() -> Shape {
    let byte = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    let network = format!(r"{byte}(\.{byte}){{3}}(/([0-9]|[12][0-9]|3[0-2]))?");
    let list = format!("^({network}(, ?{network})*)?$");
    let version_4 = ObjectBuilder::new().schema_type(Type::String).pattern(Some(list));
    let format = SchemaFormat::KnownFormat(KnownFormat::Ipv6);
    let version_6 = ObjectBuilder::new().schema_type(Type::String).format(Some(format));
    any_of([Shape::new(version_4), Shape::new(version_6)])
}

/// Words: a list of them, or a text with commas.
pub(crate) fn words() -> Shape {
    any_of([text(), text().list()])
}

/// An angle from `-most` to `most`, or its text.
pub(crate) fn degrees(most: i64) -> Shape {
    let text = r"^-?[0-8]?[0-9](\.[0-9]{1,9})?$";
    let angle = Shape::of_types([Type::Number, Type::String]).pattern(Some(text));
    Shape::new(angle.minimum(Some(-most)).maximum(Some(most)))
}

/// A number, or its text.
pub(crate) fn any_figure() -> Shape {
    let text = r"^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?$";
    Shape::new(Shape::of_types([Type::Number, Type::String]).pattern(Some(text)))
}
