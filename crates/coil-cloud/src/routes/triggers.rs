//! Triggers of a device or of a distribution: what has to hold, and whom to call then.

use axum::Json;
use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

use super::values::device_url;
use super::{Accepted, Site, accepted, created, distributions};
use crate::api::{
    Part, Said, Shape, Table, address, at_least, choice, delete, filled, free_form, get, map,
    number, pick, post, put, reply, request, said_up_to, stamp, text, truth,
};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::sql::Tx;
use crate::store::triggers::{self as stored, Frequency, Scope, Settings, Trigger};
use crate::time::Stamp;
use crate::triggers::{self, callback};

/// Triggers that one device or one distribution has.
const MAX_TRIGGERS: i64 = 50;
/// Letters of a text for the one who is called.
const MAX_CUSTOM_DATA: usize = 4096;

/// How often a trigger fires, as it is said.
const FREQUENCIES: &[&str] = &["single", "continuous"];
/// Whether it is looked at.
const STATUSES: &[&str] = &["enabled", "disabled"];

pub(crate) fn routes() -> Table {
    let owners = ["/devices/{device}", "/distributions/{distribution}"];
    owners.into_iter().fold(Table::new("Triggers"), |table, owner| {
        let all = format!("{owner}/triggers");
        table
            .at(
                &all,
                [
                    get(list, "All triggers").answers(reply(&[("triggers", shape().list())])),
                    post(create, "Makes a trigger")
                        .takes(said_of_new())
                        .makes(shape())
                        .refuses(StatusCode::CONFLICT),
                ],
            )
            .at(
                &format!("{all}/{{trigger}}"),
                [
                    get(show, "A trigger").answers(shape()),
                    put(update, "Changes a trigger, and resets it")
                        .may_take(request(&said_of_trigger("?")).named("TriggerChange"))
                        .done(),
                    delete(remove, "Removes a trigger").done(),
                ],
            )
            .at(
                &format!("{all}/{{trigger}}/test"),
                [post(test, "Calls as if it had fired")
                    .accepts(accepted())
                    .refuses(StatusCode::CONFLICT)],
            )
    })
}

/// A trigger as answers show it.
fn shape() -> Shape {
    reply(&[
        ("id", text()),
        ("name", text()),
        ("conditions", map(free_form())),
        ("frequency", choice(FREQUENCIES)),
        ("timeframe", number().or_null()),
        ("callback_url", address()),
        ("url", address()),
        ("status", choice(STATUSES)),
        ("activated", truth()),
        ("send_location", truth()),
        ("custom_data", text().or_null()),
        ("created", stamp()),
        ("updated", stamp()),
    ])
    .named("Trigger")
}

/// What is said to make a trigger.
fn said_of_new() -> Shape {
    request(&said_of_trigger("")).named("NewTrigger")
}

/// What is said of a trigger; `mark` is `?` where the first three need not be.
fn said_of_trigger(mark: &'static str) -> [(&'static str, Shape); 8] {
    let name =
        |name: &'static str, marked: &'static str| if mark.is_empty() { name } else { marked };
    [
        (name("name", "name?"), filled()),
        (name("conditions", "conditions?"), triggers::shape()),
        (name("callback_url", "callback_url?"), callback::shape()),
        ("frequency?", pick(FREQUENCIES)),
        ("timeframe?", at_least(0)),
        ("status?", pick(STATUSES)),
        ("send_location?", truth()),
        ("custom_data?", said_up_to(MAX_CUSTOM_DATA)),
    ]
}

impl Part for Which {
    /// What a path names may not be there.
    fn say(said: &mut Said) {
        said.refusals.insert(StatusCode::NOT_FOUND);
    }
}

/// Which trigger a path means, or whose.
struct Which {
    owner: Owner,
    trigger: String,
}

enum Owner {
    Device(String),
    Distribution(String),
}

impl<S: Send + Sync> FromRequestParts<S> for Which {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let unreadable = |_| ApiError::bad_request("The path is not UTF-8 text");
        let names = RawPathParams::from_request_parts(parts, state).await.map_err(unreadable)?;
        let named =
            |wanted| names.iter().find(|(name, _)| *name == wanted).map(|(_, it)| it.to_owned());
        let owner = match (named("device"), named("distribution")) {
            (Some(id), _) => Owner::Device(id),
            (None, id) => Owner::Distribution(id.unwrap_or_default()),
        };
        Ok(Self { owner, trigger: named("trigger").unwrap_or_default() })
    }
}

impl Which {
    /// The owner, if the key reaches it, and its address below `site`.
    fn reach(&self, tx: &Tx, caller: &Caller, site: &str) -> Result<(Scope, String), ApiError> {
        match &self.owner {
            Owner::Device(id) => {
                let device = caller.device(tx, &DeviceRef::parse(id))?;
                Ok((Scope::Device(device.seq), device_url(site, &device)))
            }
            Owner::Distribution(id) => {
                let one = distributions::reach(tx, caller, id)?;
                Ok((Scope::Distribution(one.seq), format!("{site}/distributions/{}", one.id)))
            }
        }
    }

    fn find(&self, tx: &Tx, caller: &Caller) -> Result<Trigger, ApiError> {
        let (scope, _) = self.reach(tx, caller, "")?;
        stored::find(tx, scope, &self.trigger)?.ok_or_else(|| ApiError::missing("trigger"))
    }
}

/// Sets what a call says about a trigger: at first all that is needed, later what changes.
fn apply(one: &mut Trigger, input: &Input) -> Result<(), ApiError> {
    let settings = &mut one.settings;
    let absent = |field: &str| ApiError::invalid(field, "not_present");
    if let Some(said) = input.text("name")? {
        one.name = said;
    }
    if one.name.trim().is_empty() {
        return Err(absent("name"));
    }
    match input.get("conditions") {
        None => {}
        Some(Value::Object(conditions)) => settings.conditions = conditions,
        Some(_) => return Err(ApiError::invalid("conditions", "invalid")),
    }
    if settings.conditions.is_empty() {
        return Err(absent("conditions"));
    }
    triggers::check(&settings.conditions)?;
    if let Some(url) = input.text("callback_url")? {
        settings.callback_url = url;
    }
    if settings.callback_url.is_empty() {
        return Err(absent("callback_url"));
    }
    if !callback::is_valid(&settings.callback_url) {
        return Err(ApiError::invalid("callback_url", "is not an address as `http://host/path`"));
    }
    apply_rest(settings, input)
}

/// What need not be said.
fn apply_rest(settings: &mut Settings, input: &Input) -> Result<(), ApiError> {
    match input.filled("frequency")?.as_deref() {
        None => {}
        Some("single") => settings.frequency = Frequency::Single,
        Some("continuous") => settings.frequency = Frequency::Continuous,
        Some(_) => return Err(ApiError::invalid("frequency", "is `single` or `continuous`")),
    }
    if input.has("timeframe") {
        settings.timeframe = input.number("timeframe")?;
        if settings.timeframe.is_some_and(|seconds| seconds < 0.0) {
            return Err(ApiError::invalid("timeframe", "invalid"));
        }
    }
    match input.filled("status")?.as_deref() {
        None => {}
        Some("enabled") => settings.enabled = true,
        Some("disabled") => settings.enabled = false,
        Some(_) => return Err(ApiError::invalid("status", "is `enabled` or `disabled`")),
    }
    match input.filled("send_location")?.as_deref() {
        None => {}
        Some("true") => settings.send_location = true,
        Some("false") => settings.send_location = false,
        Some(_) => return Err(ApiError::invalid("send_location", "invalid")),
    }
    if input.has("custom_data") {
        settings.custom_data = input.text("custom_data")?;
        if settings.custom_data.as_ref().is_some_and(|text| text.chars().count() > MAX_CUSTOM_DATA)
        {
            return Err(ApiError::invalid("custom_data", "is too long"));
        }
    }
    Ok(())
}

async fn list(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    which: Which,
) -> Result<Json<Value>, ApiError> {
    let items: Vec<Value> = app
        .store
        .read(move |tx| {
            let (scope, url) = which.reach(tx, &caller, &site)?;
            Ok(stored::list(tx, scope)?.iter().map(|one| one.json(&url)).collect())
        })
        .await?;
    Ok(Json(json!({ "triggers": items })))
}

async fn create(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    which: Which,
    input: Input,
) -> Result<Response, ApiError> {
    app.store
        .write(move |tx| {
            let (scope, url) = which.reach(tx, &caller, &site)?;
            let now = Stamp::now();
            let mut one = Trigger {
                seq: 0,
                id: ids::random(),
                name: String::new(),
                settings: Settings { enabled: true, ..Settings::default() },
                fired: Vec::new(),
                created: now,
                updated: now,
            };
            apply(&mut one, &input)?;
            if stored::count(tx, scope)? >= MAX_TRIGGERS {
                return Err(ApiError::conflict(format!(
                    "There are {MAX_TRIGGERS} triggers already: delete one first"
                )));
            }
            stored::insert(tx, scope, &one)?;
            Ok(created(format!("{url}/triggers/{}", one.id), one.json(&url)))
        })
        .await
}

async fn show(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    which: Which,
) -> Result<Json<Value>, ApiError> {
    app.store
        .read(move |tx| {
            let (_, url) = which.reach(tx, &caller, &site)?;
            Ok(which.find(tx, &caller)?.json(&url))
        })
        .await
        .map(Json)
}

async fn update(
    State(app): State<App>,
    caller: Caller,
    which: Which,
    input: Input,
) -> Result<StatusCode, ApiError> {
    app.store
        .write(move |tx| {
            let mut one = which.find(tx, &caller)?;
            apply(&mut one, &input)?;
            Ok(stored::update(tx, &one)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<App>,
    caller: Caller,
    which: Which,
) -> Result<StatusCode, ApiError> {
    app.store.write(move |tx| Ok(stored::delete(tx, which.find(tx, &caller)?.seq)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The device that a test speaks of: the newest of a distribution.
fn tested(tx: &Tx, scope: Scope) -> Result<Device, ApiError> {
    let (condition, seq) = match scope {
        Scope::Device(seq) => ("d.seq = ?1", seq),
        Scope::Distribution(seq) => ("d.distribution = ?1", seq),
    };
    let found = devices::select(tx, condition, "d.seq DESC LIMIT 1", &[seq.into()])?;
    let none = || ApiError::conflict("The distribution has no device to test its trigger with");
    found.into_iter().next().ok_or_else(none)
}

/// Calls as if it had fired.
async fn test(State(app): State<App>, caller: Caller, which: Which) -> Result<Accepted, ApiError> {
    app.store
        .write(move |tx| {
            let (scope, _) = which.reach(tx, &caller, "")?;
            let one = which.find(tx, &caller)?;
            triggers::test(tx, &tested(tx, scope)?, &one)
        })
        .await?;
    Ok(Accepted)
}
