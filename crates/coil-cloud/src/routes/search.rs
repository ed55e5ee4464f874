//! Finding devices: the list, the search, the public catalog, the tags.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::Site;
use super::area::{self, Area};
use super::devices::{STATUSES, VISIBILITIES, shape};
use super::paging::{self, Paging};
use crate::api::{
    Call, Shape, Table, get, map, pick, post, reply, request, said, text, when, whole, words,
};
use crate::app::App;
use crate::auth::Caller;
use crate::conditions::{self, Condition};
use crate::error::ApiError;
use crate::input::Input;
use crate::store::devices::{self, Device};
use crate::store::sql::Tx;
use crate::store::{collections, places, streams, values};
use crate::time::Stamp;

pub(crate) fn routes() -> Table {
    let asked = |call: Call| call.asks(&asked()).asks(&paging::asked()).pages("devices", shape());
    let searched = |call: Call| call.may_take(wanted()).pages("devices", shape());
    let counts = reply(&[("tags", map(whole()))]);
    Table::new("Devices")
        .at("/devices", [asked(get(all, "All devices"))])
        .at(
            "/devices/search",
            [
                asked(get(all, "Devices that are like that")),
                searched(post(all, "Devices that are like that")),
            ],
        )
        .at("/devices/catalog", [asked(get(catalog, "Public devices, for anyone"))])
        .at(
            "/devices/catalog/search",
            [
                asked(get(catalog, "Public devices that are like that")),
                searched(post(catalog, "Public devices that are like that")),
            ],
        )
        .at("/devices/tags", [get(tags, "How many devices have which tag").answers(counts)])
}

/// How a query says which devices are wanted.
fn asked() -> Vec<(&'static str, Shape)> {
    let texts = ["name?", "description?", "q?", "ids?", "serial?", "tags?", "collection?"];
    let mut all: Vec<_> = texts.into_iter().map(|name| (name, text())).collect();
    all.extend([
        ("status?", pick(STATUSES)),
        ("visibility?", pick(VISIBILITIES)),
        ("modified_since?", when()),
        ("unmodified_since?", when()),
        ("sort?", pick(&["created", "name", "last_activity"])),
        ("dir?", pick(&["asc", "desc"])),
    ]);
    all
}

/// How a body says it.
fn wanted() -> Shape {
    request(&[
        ("name?", said()),
        ("description?", said()),
        ("q?", said()),
        ("ids?", words()),
        ("serial?", words()),
        ("tags?", words()),
        ("status?", pick(STATUSES)),
        ("visibility?", pick(VISIBILITIES)),
        ("collection?", said()),
        ("modified_since?", when()),
        ("unmodified_since?", when()),
        ("sort?", pick(&["created", "name", "last_activity"])),
        ("dir?", pick(&["asc", "desc"])),
        ("page?", whole()),
        ("limit?", whole()),
        ("streams?", map(conditions::shape())),
        ("metadata?", map(conditions::shape())),
        ("location?", area::shape()),
    ])
    .named("DevicesWanted")
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

/// One of these words, if the call says one.
fn one_of(input: &Input, field: &str, words: &[&str]) -> Result<Option<String>, ApiError> {
    let said = input.filled(field)?;
    match said.as_deref() {
        Some(word) if !words.contains(&word) => Err(ApiError::invalid(field, "invalid")),
        _ => Ok(said),
    }
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
            status: one_of(input, "status", STATUSES)?,
            visibility: one_of(input, "visibility", VISIBILITIES)?,
            collection: input.filled("collection")?,
            modified_since: input.stamp("modified_since")?,
            unmodified_since: input.stamp("unmodified_since")?,
            streams: Condition::parse_all("streams", input.body.get("streams"))?,
            metadata: Condition::parse_all("metadata", input.body.get("metadata"))?,
            area: input.get("location").as_ref().map(Area::parse).transpose()?,
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
