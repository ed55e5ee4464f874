//! ThingSpeak's calls: entries of up to eight fields into a channel, and feeds out of it. A channel
//! is a device, its number the device's; a field is the stream `field1` and so on. It owns the
//! shapes of that API; it must not know how data is stored.

mod call;
mod described;
mod feed;
mod period;
mod refusal;
mod shape;
mod update;
mod when;

use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

pub(crate) use call::is_ours;

use crate::api::Description;
use crate::app::{App, Peer};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::Input;
use crate::routes::{HoldsKeys, OfDevice};
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::entries;
use crate::store::sql::Tx;
use call::{Call, Form, What, Which};
use feed::Wish;
use shape::Record;
use when::Zone;

/// Headers that carry a key.
pub(crate) const KEY_HEADERS: [&str; 2] = ["thingspeakapikey", "x-thingspeakapikey"];
/// Names of a key in a query or a body; the older ones are still in programs.
pub(crate) const KEY_NAMES: [&str; 4] = ["api_key", "write_api_key", "key", "apikey"];
/// Channels of a list at most.
const MAX_CHANNELS: i64 = 8000;

pub(crate) fn router(app: App, described: &mut Description) -> Router {
    // The paths of this API end in the form of the answer, even behind a number, which no router has.
    let table = described::table().serve(described);
    table.fallback(answer).layer(map_response(for_any_page)).with_state(app)
}

/// Pages of any origin may read the answers, as on the real service.
async fn for_any_page(mut response: Response) -> Response {
    let any = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}

async fn answer(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    request: Request,
) -> Response {
    let Some(call) = Call::parse(request.uri().path()) else {
        return refusal::nothing_here(&request);
    };
    let peer = peer.map(|Extension(peer)| peer).unwrap_or_default();
    let mut of = None;
    let outcome = dispatch(&app, peer, call, request, &mut of).await;
    let mut response = outcome.unwrap_or_else(|error| refusal::refused(&error, call));
    if let Some(id) = of {
        response.extensions_mut().insert(OfDevice(DeviceRef::Id(id)));
    }
    response
}

async fn dispatch(
    app: &App,
    peer: Peer,
    call: Call,
    request: Request,
    of: &mut Option<String>,
) -> Result<Response, ApiError> {
    let method = request.method();
    let method = if method == Method::HEAD { &Method::GET } else { method };
    if !call.what.methods().contains(method) {
        return Err(ApiError::method(method.as_str()));
    }
    let visitor = Visitor::of(app.clone(), peer, call, request).await?;
    match call.what {
        What::Update => update(&visitor, call.form, of).await,
        What::BulkUpdate(channel) => bulk_update(&visitor, channel, call.form, of).await,
        What::Channels => channels(&visitor, call.form).await,
        What::Channel(channel) => settings(&visitor, channel, call.form, of).await,
        What::Feeds { channel, field } => {
            let wish = Wish::parse(&visitor.input)?;
            let device = visitor.open(channel, field, of).await?;
            let zone = wish.zone.clone();
            let read = app.store.read(move |tx| feed::feeds(tx, &device, field, &wish)).await?;
            Ok(shape::feeds(read.0, read.1, &read.2, call.form, &zone))
        }
        What::Statuses(channel) => {
            let wish = Wish::parse_for_statuses(&visitor.input)?;
            let device = visitor.open(channel, None, of).await?;
            let zone = wish.zone.clone();
            let read = app.store.read(move |tx| feed::statuses(tx, &device, &wish)).await?;
            Ok(shape::feeds(read.0, read.1, &read.2, call.form, &zone))
        }
        What::Entry { channel, field, .. } | What::Age { channel, field } => {
            one(&visitor, call, (channel, field), of).await
        }
        What::LastStatus(channel) => one(&visitor, call, (channel, None), of).await,
    }
}

/// Who calls, with what they say.
struct Visitor {
    app: App,
    peer: Peer,
    input: Input,
    key: Option<String>,
}

impl Visitor {
    async fn of(app: App, peer: Peer, call: Call, mut request: Request) -> Result<Self, ApiError> {
        if call.form == Form::Csv && matches!(call.what, What::BulkUpdate(_)) {
            // It is one, whatever the board says.
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            request.headers_mut().insert(header::CONTENT_TYPE, form);
        }
        let from_header = key_in(request.headers());
        let input = Input::from_request(request, &()).await?;
        let mut key = from_header;
        for name in KEY_NAMES {
            if key.is_none() {
                key = input.filled(name)?;
            }
        }
        Ok(Self { app, peer, input, key })
    }

    /// The caller behind the key, if it is good for this method.
    async fn caller(&self, method: &Method) -> Result<Caller, ApiError> {
        let key = self.key.as_deref().ok_or_else(|| {
            ApiError::unauthorized(
                "No API key: send one as `api_key=…`, or in the header `THINGSPEAKAPIKEY`",
            )
        })?;
        Caller::with_token(&self.app, key.trim(), method, self.peer).await
    }

    /// The caller, and the device that the key is for.
    async fn writer(&self, of: &mut Option<String>) -> Result<(Caller, DeviceRef), ApiError> {
        let caller = self.caller(&Method::POST).await?;
        let id = caller.key.device_id.clone().ok_or_else(|| {
            ApiError::unauthorized("This API key is of no channel: take the key of a device")
        })?;
        *of = Some(id.clone());
        Ok((caller, DeviceRef::Id(id)))
    }

    /// A channel that is public, or whose key (or that of the field's stream) the caller has.
    async fn open(
        &self,
        channel: i64,
        field: Option<usize>,
        of: &mut Option<String>,
    ) -> Result<Device, ApiError> {
        let device = self.app.store.read(move |tx| find(tx, channel)).await?;
        *of = Some(device.id.clone());
        if device.visibility == "public" && device.status == "enabled" {
            return Ok(device);
        }
        let caller = self.caller(&Method::GET).await?;
        self.app
            .store
            .read(move |tx| {
                let device = DeviceRef::Id(device.id);
                match field {
                    Some(field) => caller.device_for_stream(tx, &device, &update::stream_of(field)),
                    None => caller.device(tx, &device),
                }
            })
            .await
    }
}

fn key_in(headers: &HeaderMap) -> Option<String> {
    let value = KEY_HEADERS.iter().find_map(|name| headers.get(*name))?;
    Some(value.to_str().unwrap_or_default().to_owned())
}

/// The device that has a channel's number.
fn find(tx: &Tx, channel: i64) -> Result<Device, ApiError> {
    let found = devices::select(tx, "d.seq = ?1", "d.seq", &[channel.into()])?;
    found.into_iter().next().ok_or_else(|| ApiError::missing("channel"))
}

async fn update(
    visitor: &Visitor,
    form: Form,
    of: &mut Option<String>,
) -> Result<Response, ApiError> {
    let (caller, device) = visitor.writer(of).await?;
    let zone = Zone::parse(&visitor.input)?;
    let drafts = vec![update::Draft::parse(&visitor.input, &zone)?];
    let store = &visitor.app.store;
    let stored = store.write(move |tx| update::store(tx, &caller, &device, drafts)).await?;
    let (device, entry) = stored;
    let number = entry.id.to_string();
    Ok(shape::one(&feed::updated(&device, &entry), "feed", form, &zone, Some(number)))
}

async fn bulk_update(
    visitor: &Visitor,
    channel: i64,
    form: Form,
    of: &mut Option<String>,
) -> Result<Response, ApiError> {
    let (caller, device) = visitor.writer(of).await?;
    let zone = Zone::parse(&visitor.input)?;
    let drafts = match form {
        Form::Csv => update::parse_csv(&visitor.input, &zone)?,
        _ => update::parse_json(&visitor.input, &zone)?,
    };
    if caller.key.device != Some(channel) {
        return Err(ApiError::unauthorized(format!(
            "This API key is not one of channel {channel}"
        )));
    }
    let store = &visitor.app.store;
    store.write(move |tx| update::store(tx, &caller, &device, drafts)).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "success": true }))).into_response())
}

/// The channels of the account, which here is that of the master key.
async fn channels(visitor: &Visitor, form: Form) -> Result<Response, ApiError> {
    let caller = visitor.caller(&Method::GET).await?;
    caller.master()?;
    let with_keys = caller.sees_keys();
    let zone = Zone::parse(&visitor.input)?;
    let records: Vec<Record> = visitor
        .app
        .store
        .read(move |tx| {
            let devices = devices::select(tx, "1 = 1", "d.seq LIMIT ?1", &[MAX_CHANNELS.into()])?;
            devices.iter().map(|device| feed::settings(tx, device, with_keys)).collect()
        })
        .await?;
    if form == Form::Xml {
        let channels: String =
            records.iter().map(|record| record.xml("channel", &zone, 1)).collect();
        let response = shape::xml(format!("<channels type=\"array\">\n{channels}</channels>\n"));
        return Ok((Extension(HoldsKeys), response).into_response());
    }
    let channels: Vec<Value> = records.iter().map(|record| record.json(&zone)).collect();
    Ok((Extension(HoldsKeys), Json(channels)).into_response())
}

async fn settings(
    visitor: &Visitor,
    channel: i64,
    form: Form,
    of: &mut Option<String>,
) -> Result<Response, ApiError> {
    let zone = Zone::parse(&visitor.input)?;
    let device = visitor.open(channel, None, of).await?;
    // A public channel shows itself to who has no key, or another.
    let is_owner = match &visitor.key {
        Some(_) => {
            visitor.caller(&Method::GET).await.is_ok_and(|caller| caller.key_master().is_ok())
        }
        None => false,
    };
    let record = visitor.app.store.read(move |tx| feed::settings(tx, &device, is_owner)).await?;
    let response = shape::one(&record, "channel", form, &zone, None);
    Ok(if is_owner { (Extension(HoldsKeys), response).into_response() } else { response })
}

/// The calls that are about one entry.
async fn one(
    visitor: &Visitor,
    call: Call,
    (channel, field): (i64, Option<usize>),
    of: &mut Option<String>,
) -> Result<Response, ApiError> {
    let wish = Wish::parse(&visitor.input)?;
    let device = visitor.open(channel, field, of).await?;
    let zone = wish.zone.clone();
    let (record, plain) = visitor
        .app
        .store
        .read(move |tx| match call.what {
            What::Entry { which: Which::Id(id), .. } => {
                let entry = entries::find(tx, device.seq, id)?;
                feed::one(tx, &device, field, entry, &wish)
            }
            What::Age { .. } => feed::age(entries::last(tx, device.seq, field)?),
            What::LastStatus(_) => {
                let entry = entries::last(tx, device.seq, None)?;
                let entry = entry.ok_or_else(|| ApiError::missing("entry"))?;
                Ok((feed::status_of(&entry), Some(entry.status.unwrap_or_default())))
            }
            _ => {
                let entry = entries::last(tx, device.seq, field)?;
                feed::one(tx, &device, field, entry, &wish)
            }
        })
        .await?;
    Ok(shape::one(&record, "feed", call.form, &zone, plain))
}
