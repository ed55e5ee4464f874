//! What the description of the calls says of ThingSpeak's: the rows of `call.rs`, in each form of their answers. It owns the shapes
//! of that API; what is served, and by which methods, the rows say.

use super::answer;
use super::call::{Form, ROWS, Row, What};
use super::period::MINUTES;
use super::update::TEXT_LETTERS;
use crate::api::{
    Call, Security, Shape, Table, any_figure, any_of, choice, degrees, get, may_be_empty, moment,
    pick, post, reply, request, said, said_up_to, stamp, text, truth, whole, whole_of,
};
use crate::store::entries::FIELDS;

/// The largest number of a channel or an entry in a path: 18 digits.
const MAX_NUMBER: i64 = 999_999_999_999_999_999;

/// Names with their shapes, put together.
type Named = Vec<(&'static str, Shape)>;

/// All calls that the fallback serves.
pub(super) fn table() -> Table {
    let forms = |row: &'static Row| row.forms.iter().map(move |form| (row, *form));
    ROWS.iter().flat_map(forms).fold(Table::new("ThingSpeak"), |table, (row, form)| {
        let path = format!("{}{}", row.path, form.ending());
        table.beside(&path, calls(row.kind(), form))
    })
}

fn calls(what: What, form: Form) -> Vec<Call> {
    let one = |call: Call| {
        let call = call
            .secured(Security::ApiKey)
            .with("channel", whole_of(0, MAX_NUMBER))
            .with("field", whole_of(1, FIELDS as i64))
            .with("entry", whole_of(0, MAX_NUMBER));
        refused(answered(call, what, form), what, form)
    };
    match what {
        What::Update => vec![
            one(get(answer, "Stores an entry").asks(&entry()).asks(&zones())),
            one(post(answer, "Stores an entry").may_take(request(&entry()).named("Entry"))),
        ],
        What::BulkUpdate(_) => {
            let call = post(answer, "Stores entries, all or none");
            vec![one(if form == Form::Csv {
                let formats = choice(&["absolute", "relative"]);
                call.takes_form(request(&[("updates", text()), ("time_format", formats)]))
            } else {
                call.takes(many())
            })]
        }
        What::Channels => vec![one(get(answer, "All channels").asks(&zones()))],
        What::Channel(_) => vec![one(get(answer, "What a channel is called").asks(&zones()))],
        What::Feeds { .. } => vec![one(get(answer, "Entries, oldest first").asks(&wishes()))],
        What::Entry { .. } => vec![one(get(answer, "One entry").asks(&wishes()))],
        What::Age { .. } => vec![one(get(answer, "How old the last entry is").asks(&wishes()))],
        What::Statuses(_) => vec![one(get(answer, "What a channel said").asks(&wishes()))],
        What::LastStatus(_) => vec![one(get(answer, "What it said last").asks(&wishes()))],
    }
}

/// With the answer in its form.
fn answered(call: Call, what: What, form: Form) -> Call {
    let status = if matches!(what, What::BulkUpdate(_)) { 202 } else { 200 };
    let is_short = matches!(
        what,
        What::Update | What::Age { .. } | What::LastStatus(_) | What::Entry { field: Some(_), .. }
    );
    let (kind, shape) = match form {
        // Of many entries even a table is answered in JSON.
        _ if status == 202 => ("application/json", reply(&[("success", truth())])),
        Form::Plain | Form::Txt if is_short => ("text/plain", text()),
        Form::Plain | Form::Txt | Form::Json => ("application/json", shape(what)),
        Form::Xml => ("application/xml", text()),
        Form::Csv => ("text/csv", text()),
    };
    call.responds_as(status, "Here it is", kind, shape)
}

/// With the refusals, which have the form of the answer.
fn refused(call: Call, what: What, form: Form) -> Call {
    let problem = || {
        let error = [("error_code", text()), ("message", text()), ("details", text())];
        reply(&[("status", text()), ("error", reply(&error))]).named("ThingSpeakProblem")
    };
    let (kind, shape): (_, fn() -> Shape) = match form {
        Form::Json => ("application/json", problem),
        Form::Xml => ("application/xml", text),
        Form::Plain | Form::Txt | Form::Csv => ("text/plain", text),
    };
    let writes = matches!(what, What::Update | What::BulkUpdate(_));
    let statuses: &[u16] =
        if writes { &[400, 401, 404, 409, 413, 429] } else { &[400, 401, 404, 429] };
    let call = call.refuses_nothing_else();
    statuses
        .iter()
        .fold(call, |call, status| call.responds_as(*status, "It is refused", kind, shape()))
}

/// A shape of which null says nothing as well.
fn or_null(name: &'static str, shape: Shape) -> (&'static str, Shape) {
    (name, shape.or_null())
}

/// The fields of an entry, which need not be there.
const FIELD_NAMES: [&str; FIELDS] =
    ["field1?", "field2?", "field3?", "field4?", "field5?", "field6?", "field7?", "field8?"];

fn fields(shape: &Shape) -> Named {
    FIELD_NAMES.map(|name| (name, shape.clone())).to_vec()
}

fn place() -> Named {
    vec![("latitude?", text()), ("longitude?", text()), or_null("elevation?", text())]
}

/// What an answer holds in JSON.
fn shape(what: What) -> Shape {
    let named = |shapes: &[Named]| reply(&shapes.concat());
    match what {
        What::Channels => settings().list(),
        What::Channel(_) => settings(),
        What::Feeds { .. } => {
            let head = vec![("id", whole()), ("name", text()), ("description?", text())];
            let rest = vec![
                ("metadata?", text()),
                ("created_at", stamp()),
                ("updated_at", stamp()),
                or_null("last_entry_id", whole()),
            ];
            let channel = named(&[head, place(), fields(&text()), rest]).named("ThingSpeakChannel");
            reply(&[("channel", channel), ("feeds", feed().list())])
        }
        What::Statuses(_) => {
            let channel = named(&[vec![("name", text())], place()]);
            reply(&[("channel", channel), ("feeds", status().list())])
        }
        What::LastStatus(_) => status(),
        What::Age { .. } => reply(&[("last_data_age", text()), ("last_data_age_units", text())]),
        What::Entry { .. } => feed(),
        What::Update | What::BulkUpdate(_) => {
            let head =
                vec![("channel_id", whole()), ("created_at", stamp()), ("entry_id", whole())];
            named(&[head, values()])
        }
    }
}

/// All that an entry can hold, as an answer shows it.
fn values() -> Named {
    let nothing = || text().or_null();
    let rest =
        ["latitude?", "longitude?", "elevation?", "status?"].map(|name| (name, nothing())).to_vec();
    [fields(&nothing()), rest].concat()
}

fn feed() -> Shape {
    let head = vec![("created_at", stamp()), ("entry_id?", whole())];
    reply(&[head, values()].concat()).named("ThingSpeakFeed")
}

fn status() -> Shape {
    reply(&[("created_at", stamp()), ("entry_id", whole()), or_null("status", text())])
        .named("ThingSpeakStatus")
}

fn settings() -> Shape {
    let head = vec![
        ("id", whole()),
        ("name", text()),
        or_null("description", text()),
        ("created_at", stamp()),
        or_null("last_entry_id", whole()),
        ("public_flag", truth()),
        ("metadata", text()),
        ("tags", reply(&[("name", text())]).list()),
        ("api_keys?", reply(&[("api_key", text()), ("write_flag", truth())]).list()),
    ];
    reply(&[head, place()].concat()).named("ThingSpeakSettings")
}

/// What is said of an entry.
fn entry() -> Named {
    let mut said = fields(&said_up_to(TEXT_LETTERS));
    said.push(("created_at?", may_be_empty(moment())));
    said.extend(beside_fields());
    said
}

fn beside_fields() -> Named {
    vec![
        ("latitude?", may_be_empty(degrees(90))),
        ("longitude?", may_be_empty(degrees(180))),
        ("elevation?", may_be_empty(any_figure())),
        ("status?", said_up_to(TEXT_LETTERS)),
    ]
}

/// Many entries: each with its time, or each with the seconds since the one before it.
fn many() -> Shape {
    let with = |name, time| {
        let time: Named = vec![(name, time)];
        let entry = request(&[time, fields(&said_up_to(TEXT_LETTERS)), beside_fields()].concat());
        entry.some()
    };
    let seconds = whole_of(1, i64::from(u32::MAX));
    let updates = any_of([with("created_at", moment()), with("delta_t", seconds)]);
    request(&[("updates", updates)]).named("Entries")
}

/// In which time zone times are said and shown. All of the IANA's are known; a description with six hundred names helps nobody.
fn zones() -> Named {
    let some = ["UTC", "Europe/Prague", "Europe/London", "America/New_York", "Asia/Tokyo"];
    vec![("timezone?", pick(&some).named("TimeZone")), ("offset?", may_be_empty(whole_of(-14, 14)))]
}

/// What is asked of entries.
fn wishes() -> Named {
    let spans: Vec<String> = MINUTES.iter().map(ToString::to_string).collect();
    let spans: Vec<&str> = spans.iter().map(String::as_str).chain(["daily"]).collect();
    let span = pick(&spans).named("TimeSpan");
    let time = may_be_empty(moment());
    let mut wishes = vec![
        ("results?", whole()),
        ("days?", whole()),
        ("minutes?", whole()),
        ("start?", time.clone()),
        ("end?", time),
        ("status?", said()),
        ("location?", said()),
        ("metadata?", said()),
        ("min?", any_figure()),
        ("max?", any_figure()),
        ("round?", whole()),
        ("prepend?", said()),
        ("append?", said()),
    ];
    wishes.extend(["timescale?", "sum?", "average?", "median?"].map(|name| (name, span.clone())));
    wishes.extend(zones());
    wishes
}

#[cfg(test)]
mod tests {
    use super::FIELD_NAMES;
    use crate::thingspeak::update::stream_of;

    #[test]
    fn fields_are_called_as_their_streams() {
        for (index, name) in FIELD_NAMES.iter().enumerate() {
            assert_eq!(*name, stream_of(index) + "?");
        }
    }
}
