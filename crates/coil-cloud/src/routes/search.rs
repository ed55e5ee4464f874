//! Finding devices: the list, the search, the public catalog, the tags.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::Site;
use super::area::Area;
use super::paging::Paging;
use crate::app::App;
use crate::auth::Caller;
use crate::conditions::Condition;
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::{self, Device};
use crate::store::sql::Tx;
use crate::store::{collections, places, streams, values};
use crate::time::Stamp;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/devices", get(all))
        .route("/devices/search", get(all).post(all))
        .route("/devices/catalog", get(catalog))
        .route("/devices/catalog/search", get(catalog).post(catalog))
        .route("/devices/tags", get(tags))
}

/// What a call looks for; what it does not say is not looked at.
#[derive(Debug, Default)]
struct Wanted {
    name: Option<String>,
    description: Option<String>,
    text: Option<String>,
    ids: Option<Vec<String>>,
    serials: Option<Vec<String>>,
    tags: Vec<String>,
    status: Option<String>,
    visibility: Option<String>,
    collection: Option<String>,
    modified_since: Option<Stamp>,
    unmodified_since: Option<Stamp>,
    streams: Vec<(String, Condition)>,
    metadata: Vec<(String, Condition)>,
    area: Option<Area>,
}

impl Wanted {
    fn parse(input: &Input) -> Result<Self, ApiError> {
        let lower = |text: Option<String>| text.map(|text| text.to_lowercase());
        Ok(Self {
            name: lower(input.filled("name")?),
            description: lower(input.filled("description")?),
            text: lower(input.filled("q")?),
            ids: input.words("ids")?,
            serials: input.words("serial")?,
            tags: input.words("tags")?.unwrap_or_default(),
            status: input.filled("status")?,
            visibility: input.filled("visibility")?,
            collection: input.filled("collection")?,
            modified_since: input.stamp("modified_since")?,
            unmodified_since: input.stamp("unmodified_since")?,
            streams: Condition::parse_all("streams", input.body.get("streams"))?,
            metadata: Condition::parse_all("metadata", input.body.get("metadata"))?,
            area: input.body.get("location").map(Area::parse).transpose()?,
        })
    }

    fn fits(&self, tx: &Tx, device: &Device) -> Result<bool, ApiError> {
        let has = |text: &str, part: &Option<String>| {
            part.as_ref().is_none_or(|part| text.to_lowercase().contains(part))
        };
        let is = |text: &str, wanted: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| wanted == text)
        };
        let description = device.description.as_deref().unwrap_or_default();
        let serial = device.serial.as_deref().unwrap_or_default();
        let plain = has(&device.name, &self.name)
            && has(description, &self.description)
            && has(&format!("{} {description} {serial}", device.name), &self.text)
            && self.ids.as_ref().is_none_or(|ids| ids.contains(&device.id))
            && self.serials.as_ref().is_none_or(|list| list.iter().any(|one| one == serial))
            && self.tags.iter().all(|tag| device.tags.contains(tag))
            && is(&device.status, &self.status)
            && is(&device.visibility, &self.visibility)
            && self.modified_since.is_none_or(|since| device.last_activity >= since)
            && self.unmodified_since.is_none_or(|since| device.last_activity <= since)
            && self
                .metadata
                .iter()
                .all(|(field, condition)| condition.holds(device.metadata.get(field)));
        Ok(plain && self.data_fits(tx, device)?)
    }

    fn data_fits(&self, tx: &Tx, device: &Device) -> Result<bool, ApiError> {
        for (name, condition) in &self.streams {
            let stream = streams::find(tx, device.seq, name)?;
            let value = stream.and_then(|stream| {
                stream.value.as_ref().map(|text| values::to_json(stream.kind, text))
            });
            if !condition.holds(value.as_ref()) {
                return Ok(false);
            }
        }
        if let Some(area) = &self.area {
            let place = places::latest(tx, device.seq)?;
            if !place.is_some_and(|place| area.has(place.latitude, place.longitude)) {
                return Ok(false);
            }
        }
        match &self.collection {
            None => Ok(true),
            Some(id) => match collections::seq_of(tx, id)? {
                Some(seq) => Ok(collections::reaches(tx, seq, device.seq)?),
                None => Ok(false),
            },
        }
    }
}

/// The order a call wants; without a word, newest first.
fn order(input: &Input) -> Result<String, ApiError> {
    let column = match input.filled("sort")?.as_deref() {
        None | Some("created") => "d.created",
        Some("name") => "d.name",
        Some("last_activity") => "d.last_activity",
        Some(_) => return Err(ApiError::invalid("sort", "invalid")),
    };
    let direction = match input.filled("dir")?.as_deref() {
        Some("asc") => "ASC",
        None | Some("desc") => "DESC",
        Some(_) => return Err(ApiError::invalid("dir", "invalid")),
    };
    Ok(format!("{column} {direction}, d.seq {direction}"))
}

fn find(
    tx: &Tx,
    site: &str,
    input: &Input,
    condition: &str,
    with_keys: bool,
) -> Result<Value, ApiError> {
    let wanted = Wanted::parse(input)?;
    let paging = Paging::parse(input)?;
    let mut found = Vec::new();
    for device in devices::select(tx, condition, &order(input)?, &[])? {
        if wanted.fits(tx, &device)? {
            found.push(device);
        }
    }
    paging.answer("devices", found, |device| Ok(device.json(tx, site, with_keys)?))
}

async fn all(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    caller.master()?;
    let with_keys = caller.sees_keys();
    app.store.read(move |tx| find(tx, &site, &input, "1 = 1", with_keys)).await.map(Json)
}

/// Public devices, for anyone, without their keys.
async fn catalog(
    State(app): State<App>,
    Site(site): Site,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    let public = "d.visibility = 'public'";
    app.store.read(move |tx| find(tx, &site, &input, public, false)).await.map(Json)
}

async fn tags(State(app): State<App>, caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.master()?;
    let counted = app
        .store
        .read(|tx| {
            let mut counted: Map<String, Value> = Map::new();
            for tag in devices::select(tx, "1 = 1", "d.seq", &[])?.into_iter().flat_map(|d| d.tags)
            {
                let count = counted.get(&tag).and_then(Value::as_u64).unwrap_or_default();
                counted.insert(tag, (count + 1).into());
            }
            Ok(counted)
        })
        .await?;
    Ok(Json(json!({ "tags": counted })))
}
