//! Charts of streams, and their pictures. A chart and its pictures are for everyone who knows its
//! id; making, listing and changing one is for keys that reach all its streams.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::streams::check_name;
use super::values::range;
use super::{Site, created};
use crate::api::{
    Shape, Table, address, delete, filled, get, post, put, reply, request, stamp, stream_name, text,
};
use crate::app::App;
use crate::auth::Caller;
use crate::chart::{self, SIDES, Series};
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::pictures::Picture;
use crate::store::charts::{self, Chart, SeriesRef};
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::sql::Tx;
use crate::store::streams::{self, Stream, StreamType};
use crate::store::values::Range;
use crate::time::Stamp;

/// Streams of a chart at most, as many as there are colours.
const MAX_SERIES: usize = 10;
/// Charts at most.
const MAX_CHARTS: i64 = 10_000;
/// Letters of a name at most.
const MAX_NAME: usize = 255;
/// Sides of a picture when the caller does not say.
const WIDTH: u32 = 800;
const HEIGHT: u32 = 400;

pub(crate) fn routes() -> Table {
    let series = || request(&[("device", text()), ("stream", stream_name())]);
    let said = || request(&[("name", filled()), ("series", series().list_of(1, MAX_SERIES))]);
    Table::new("Charts")
        .at(
            "/charts",
            [
                get(list, "Charts whose streams the key reaches")
                    .asks(&[("device?", text())])
                    .answers(reply(&[("charts", shape().list())])),
                post(create, "Makes a chart")
                    .takes(said())
                    .makes(shape())
                    .refuses(StatusCode::NOT_FOUND)
                    .refuses(StatusCode::CONFLICT),
            ],
        )
        .at(
            "/charts/{chart}",
            [
                get(show, "A chart; with `.svg` or `.png` after its id, its picture")
                    .answers(shape()),
                put(update, "Changes a chart").takes(said()).done(),
                delete(remove, "Removes a chart").done(),
            ],
        )
}

/// A chart as answers show it.
fn shape() -> Shape {
    let series = reply(&[("device", text()), ("stream", text())]);
    reply(&[
        ("id", text()),
        ("name", text()),
        ("series", series.list()),
        ("url", address()),
        ("render", reply(&[("png", address()), ("svg", address())])),
        ("created", stamp()),
        ("updated", stamp()),
    ])
    .named("Chart")
}

/// Whether a key reaches all that a chart draws.
fn may(tx: &Tx, caller: &Caller, chart: &Chart) -> Result<(), ApiError> {
    if caller.key.is_master() {
        return Ok(());
    }
    for one in &chart.series {
        caller.device_for_stream(tx, &DeviceRef::Id(one.device.clone()), &one.stream)?;
    }
    Ok(())
}

fn reach(tx: &Tx, caller: &Caller, id: &str) -> Result<Chart, ApiError> {
    let chart = charts::find(tx, id)?.ok_or_else(|| ApiError::missing("chart"))?;
    may(tx, caller, &chart)?;
    Ok(chart)
}

/// Sets what a call says about a chart. Name and series must be said every time.
fn apply(tx: &Tx, chart: &mut Chart, input: &Input) -> Result<(), ApiError> {
    let name = input.filled("name")?.ok_or_else(|| ApiError::invalid("name", "not_present"))?;
    if name.chars().count() > MAX_NAME {
        return Err(ApiError::invalid("name", "is longer than 255 letters"));
    }
    let series = input.body.get("series").filter(|series| !series.is_null());
    let series = series.ok_or_else(|| ApiError::invalid("series", "not_present"))?;
    let invalid = || ApiError::invalid("series", "is not an array of {\"device\", \"stream\"}");
    let series = series.as_array().ok_or_else(invalid)?;
    if series.is_empty() || series.len() > MAX_SERIES {
        return Err(ApiError::invalid("series", "has to have from 1 to 10 streams"));
    }
    chart.name = name;
    chart.series.clear();
    for one in series {
        let (device, stream) = (one["device"].as_str(), one["stream"].as_str());
        let (Some(device), Some(stream)) = (device, stream) else { return Err(invalid()) };
        check_name(stream)?;
        // Answers name devices by URL, so a URL names one as well.
        let device = device.rsplit('/').next().unwrap_or_default().to_owned();
        if devices::seq_of(tx, &DeviceRef::Id(device.clone()))?.is_none() {
            return Err(ApiError::invalid("series", "names a device that does not exist"));
        }
        chart.series.push(SeriesRef { device, stream: stream.to_owned() });
    }
    Ok(())
}

async fn list(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    let device = input.filled("device")?;
    let device = device.map(|text| text.rsplit('/').next().unwrap_or_default().to_owned());
    let items: Vec<Value> = app
        .store
        .read(move |tx| {
            let mut found = charts::list(tx)?;
            if let Some(device) = device {
                found.retain(|chart| chart.series.iter().any(|one| one.device == device));
            }
            found.retain(|chart| may(tx, &caller, chart).is_ok());
            Ok(found.iter().map(|chart| chart.json(&site)).collect())
        })
        .await?;
    Ok(Json(json!({ "charts": items })))
}

async fn create(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Response, ApiError> {
    app.store
        .write(move |tx| {
            if charts::count(tx)? >= MAX_CHARTS {
                return Err(ApiError::conflict("There are as many charts as there can be"));
            }
            let now = Stamp::now();
            let mut chart = Chart {
                seq: 0,
                id: ids::random(),
                name: String::new(),
                series: Vec::new(),
                created: now,
                updated: now,
            };
            apply(tx, &mut chart, &input)?;
            may(tx, &caller, &chart)?;
            charts::insert(tx, &chart)?;
            let body = chart.json(&site);
            let url = body["url"].as_str().unwrap_or_default().to_owned();
            Ok(created(url, body))
        })
        .await
}

/// The chart, or its picture where the path ends in `.png` or `.svg`.
async fn show(
    State(app): State<App>,
    Site(site): Site,
    Path(id): Path<String>,
    headers: HeaderMap,
    input: Input,
) -> Result<Response, ApiError> {
    match id.rsplit_once('.') {
        Some((id, "png")) => picture(&app, id, Kind::Png, &input, &headers).await,
        Some((id, "svg")) => picture(&app, id, Kind::Svg, &input, &headers).await,
        Some((_, form)) => {
            Err(ApiError::bad_request(format!("A chart is drawn as png or svg, not as {form}")))
        }
        None => {
            let chart = app.store.read(move |tx| Ok(charts::find(tx, &id)?)).await?;
            let chart = chart.ok_or_else(|| ApiError::missing("chart"))?;
            Ok(Json(chart.json(&site)).into_response())
        }
    }
}

async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    app.store
        .write(move |tx| {
            let mut chart = reach(tx, &caller, &id)?;
            apply(tx, &mut chart, &input)?;
            may(tx, &caller, &chart)?;
            Ok(charts::update(tx, &chart)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.store.write(move |tx| Ok(charts::delete(tx, reach(tx, &caller, &id)?.seq)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Png,
    Svg,
}

/// What a picture is to be.
#[derive(Debug, Clone, Copy)]
struct Frame {
    kind: Kind,
    width: u32,
    height: u32,
    range: Range,
}

impl Frame {
    fn parse(kind: Kind, input: &Input) -> Result<Self, ApiError> {
        let side = |name: &str, usual: u32| {
            let Some(side) = input.whole(name)? else { return Ok(usual) };
            let side = u32::try_from(side).ok().filter(|side| SIDES.contains(side));
            side.ok_or_else(|| ApiError::invalid(name, "is not from 200 to 2000 pixels"))
        };
        let end = input.stamp("end")?.unwrap_or(Stamp::from_micros(i64::MAX));
        let range = Range { end, min: None, max: None, ..range(input)? };
        Ok(Self { kind, width: side("width", WIDTH)?, height: side("height", HEIGHT)?, range })
    }
}

/// A stream of a chart, with its device; `None` if it is not there.
type Drawn = Option<(Device, Option<Stream>)>;

fn drawn(tx: &Tx, chart: &Chart) -> Result<Vec<Drawn>, ApiError> {
    let one = |one: &SeriesRef| {
        let Some(device) = devices::find(tx, &DeviceRef::Id(one.device.clone()))? else {
            return Ok(None);
        };
        let stream = streams::find(tx, device.seq, &one.stream)?;
        Ok(Some((device, stream)))
    };
    chart.series.iter().map(one).collect()
}

/// Says all that a picture depends on: it changes with every value that comes or goes.
fn fingerprint(chart: &Chart, drawn: &[Drawn], frame: Frame) -> String {
    let mut text = format!("{} {:?} {frame:?}", chart.id, chart.updated);
    for one in drawn.iter().flatten() {
        let stream = one.1.as_ref().map(|stream| (stream.seq, stream.updated));
        text.push_str(&format!(" {} {:?} {stream:?}", one.0.seq, one.0.name));
    }
    ids::digest(&text)
}

async fn picture(
    app: &App,
    id: &str,
    kind: Kind,
    input: &Input,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let frame = Frame::parse(kind, input)?;
    let id = id.to_owned();
    let (chart, drawn, tag) = app
        .store
        .read(move |tx| {
            let chart = charts::find(tx, &id)?.ok_or_else(|| ApiError::missing("chart"))?;
            let drawn = drawn(tx, &chart)?;
            let tag = fingerprint(&chart, &drawn, frame);
            Ok((chart, drawn, tag))
        })
        .await?;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.contains(&tag)) {
        return Ok(answer(kind, &tag, None));
    }
    if let Some(picture) = app.pictures.get(&tag) {
        return Ok(answer(kind, &tag, Some(picture)));
    }
    let _place = app.pictures.place().await;
    let bytes = app.store.read(move |tx| draw(tx, &chart, &drawn, frame)).await?;
    let picture = app.pictures.keep(&tag, bytes);
    Ok(answer(kind, &tag, Some(picture)))
}

/// The picture, or that the caller has it already.
fn answer(kind: Kind, tag: &str, picture: Option<Picture>) -> Response {
    let mime = match kind {
        Kind::Png => "image/png",
        Kind::Svg => "image/svg+xml",
    };
    let mut response = match picture {
        Some(picture) => ([(header::CONTENT_TYPE, mime)], picture).into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}\"")) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn draw(tx: &Tx, chart: &Chart, drawn: &[Drawn], frame: Frame) -> Result<Vec<u8>, ApiError> {
    let units: Vec<String> = drawn.iter().map(unit_of).collect();
    let same = units.first().filter(|first| units.iter().all(|unit| unit == *first));
    let unit = same.cloned().unwrap_or_default();
    let mut series = Vec::with_capacity(drawn.len());
    for ((reference, one), its_unit) in chart.series.iter().zip(drawn).zip(&units) {
        let shown = if unit.is_empty() { its_unit.as_str() } else { "" };
        series.push(series_of(tx, reference, one, shown, frame)?);
    }
    let chart = chart::Chart { title: chart.name.clone(), unit, series };
    match frame.kind {
        Kind::Svg => Ok(chart.svg(frame.width, frame.height).into_bytes()),
        Kind::Png => chart
            .png(frame.width, frame.height)
            .map_err(|error| ApiError::storage(error.to_string())),
    }
}

/// What a stream is measured in, in short.
fn unit_of(one: &Drawn) -> String {
    let stream = one.as_ref().and_then(|(_, stream)| stream.as_ref());
    let unit = stream.and_then(|stream| stream.unit_symbol.clone().or(stream.unit_label.clone()));
    unit.unwrap_or_default()
}

fn series_of(
    tx: &Tx,
    reference: &SeriesRef,
    one: &Drawn,
    unit: &str,
    frame: Frame,
) -> Result<Series, ApiError> {
    let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    let Some((device, stream)) = one else {
        let label = format!("{}{unit}", reference.stream);
        return Ok(Series { label, note: Some("its device is gone"), points: Vec::new() });
    };
    let name = stream.as_ref().and_then(|stream| stream.display_name.as_ref());
    let label = format!("{} · {}{unit}", device.name, name.unwrap_or(&reference.stream));
    let points = match stream {
        Some(stream) if stream.kind == StreamType::Numeric => {
            charts::points(tx, stream.seq, frame.range, i64::from(frame.width))?
        }
        Some(_) => return Ok(Series { label, note: Some("text, not drawn"), points: Vec::new() }),
        None => Vec::new(),
    };
    let note = points.is_empty().then_some("no values yet");
    Ok(Series { label, note, points })
}
