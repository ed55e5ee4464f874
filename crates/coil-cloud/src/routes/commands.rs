//! Commands: sent by the holder of a master key, fetched and answered by devices.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Site;
use super::paging::{self, Paging};
use crate::api::{
    Shape, Table, address, anything, choice, filled, free_form, get, pick, post, reply, request,
    stamp, text, when, whole,
};
use crate::app::App;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::ids;
use crate::input::Input;
use crate::store::commands::{self, Command, Delivery, Wanted};
use crate::store::devices::{self, DeviceRef};
use crate::store::keys::{self, KeyKind, Owner};
use crate::store::sql::Tx;
use crate::time::Stamp;

/// Commands on a page: usually, and at most.
const LIMITS: (i64, i64) = (100, 1000);

/// What can become of a command.
const STATUSES: &[&str] = &["pending", "processed", "rejected"];

pub(crate) fn routes() -> Table {
    let sent = reply(&[("status", choice(&["accepted"])), ("id", text()), ("url", address())]);
    let mut with_deliveries = fields_of_command();
    with_deliveries.push(("deliveries", delivery_shape().list()));
    let command = || reply(&fields_of_command()).named("Command");
    let of_device = "/devices/{device}/commands";
    Table::new("Commands")
        .at(
            "/commands",
            [
                get(list, "Commands that were sent")
                    .asks(&asked())
                    .asks(&paging::asked())
                    .pages("commands", command()),
                post(send, "Sends a command").takes(said_of_command()).sends(sent),
            ],
        )
        .at(
            "/commands/{id}",
            [get(show, "What became of a command").answers(reply(&with_deliveries))],
        )
        .at(
            of_device,
            [get(list_of_device, "Commands for a device")
                .asks(&asked())
                .asks(&[("status?", text())])
                .asks(&paging::asked())
                .pages("commands", received())],
        )
        .at(
            &format!("{of_device}/{{id}}"),
            [get(show_of_device, "A command for a device").answers(received())],
        )
        .at(
            &format!("{of_device}/{{id}}/process"),
            [post(process, "A device has done it")
                .may_take(free_form())
                .done()
                .refuses(StatusCode::CONFLICT)],
        )
        .at(
            &format!("{of_device}/{{id}}/reject"),
            [post(reject, "A device will not do it")
                .may_take(free_form())
                .done()
                .refuses(StatusCode::CONFLICT)],
        )
}

/// How a call says which commands it wants.
fn asked() -> [(&'static str, Shape); 4] {
    let dir = pick(&["asc", "desc"]);
    [("name?", text()), ("start?", when()), ("end?", when()), ("dir?", dir)]
}

/// A command as its sender sees it.
fn fields_of_command() -> Vec<(&'static str, Shape)> {
    let counts = ["pending", "processed", "rejected"].map(|status| (status, whole()));
    vec![
        ("id", text()),
        ("url", address()),
        ("name", text()),
        ("data", anything()),
        ("sent_at", stamp()),
        ("status_counts", reply(&counts)),
    ]
}

/// What became of it at one device.
fn delivery_shape() -> Shape {
    reply(&[
        ("device", text()),
        ("status", choice(STATUSES)),
        ("received_at", stamp().or_null()),
        ("response_data", anything()),
    ])
    .named("Delivery")
}

/// A command as its device sees it.
fn received() -> Shape {
    reply(&[
        ("id", text()),
        ("url", address()),
        ("name", text()),
        ("data", anything()),
        ("sent_at", stamp()),
        ("status", choice(STATUSES)),
        ("received_at", stamp().or_null()),
        ("response_data", anything()),
    ])
    .named("ReceivedCommand")
}

/// What is said to send a command.
fn said_of_command() -> Shape {
    let kinds = ["devices?", "serials?", "distributions?", "collections?", "tags?"];
    let targets = request(&kinds.map(|kind| (kind, text().list()))).closed();
    request(&[("name", filled()), ("targets", targets), ("data?", anything())]).named("NewCommand")
}

/// The devices that a command is meant for.
fn targets(tx: &Tx, targets: &Value) -> Result<Vec<i64>, ApiError> {
    let invalid = || ApiError::invalid("targets", "invalid");
    let mut found = Vec::new();
    for (kind, names) in targets.as_object().ok_or_else(invalid)? {
        for name in names.as_array().ok_or_else(invalid)? {
            let name = name.as_str().ok_or_else(invalid)?;
            let condition = match kind.as_str() {
                "devices" => "d.id = ?1",
                "serials" => "d.serial = ?1",
                "distributions" => "d.distribution = (SELECT seq FROM distributions WHERE id = ?1)",
                "collections" => {
                    "d.seq IN (SELECT m.device FROM collected m JOIN collections c
                     ON c.seq = m.collection WHERE c.id = ?1)"
                }
                "tags" => "?1 = ?1",
                _ => return Err(invalid()),
            };
            let mut devices = devices::select(tx, condition, "d.seq", &[name.into()])?;
            if kind == "tags" {
                devices.retain(|device| device.tags.iter().any(|tag| tag == name));
            }
            if devices.is_empty() && kind == "devices" {
                return Err(ApiError::invalid("targets", "names a device that does not exist"));
            }
            found.extend(devices.iter().map(|device| device.seq));
        }
    }
    if found.is_empty() {
        return Err(ApiError::invalid("targets", "means no device"));
    }
    Ok(found)
}

async fn send(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Response, ApiError> {
    caller.master()?;
    let name = input.filled("name")?.ok_or_else(|| ApiError::invalid("name", "not_present"))?;
    let wanted = input.body.get("targets").cloned();
    let wanted = wanted.ok_or_else(|| ApiError::invalid("targets", "not_present"))?;
    let data = input.body.get("data").cloned().unwrap_or_else(|| json!({}));
    let sent_at = Stamp::now();
    let month: String = sent_at.iso().chars().take(7).filter(char::is_ascii_digit).collect();
    let command = Command { seq: 0, id: month + &ids::random(), name, data, sent_at };
    let id = command.id.clone();
    let told = json!({ "id": id, "name": command.name, "data": command.data, "sent_at": command.sent_at.iso() });
    let devices = app
        .store
        .write(move |tx| {
            let targets = targets(tx, &wanted)?;
            commands::send(tx, &command, &targets)?;
            let mut keys = Vec::new();
            for seq in targets {
                let device = devices::select(tx, "d.seq = ?1", "d.seq", &[seq.into()])?;
                let key = keys::primary(tx, Owner::Device(seq))?;
                keys.extend(key.zip(device.first().map(|device| device.id.clone())));
            }
            Ok(keys)
        })
        .await?;
    for (key, device) in devices {
        let mut told = told.clone();
        told["url"] = format!("{site}/devices/{device}/commands/{id}").into();
        app.broker.command(&key, &told);
    }
    let url = format!("{site}/commands/{id}");
    let body = json!({ "status": "accepted", "id": id, "url": url });
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, url)], Json(body)).into_response())
}

fn wanted(input: &Input) -> Result<Wanted, ApiError> {
    let ascending = match input.filled("dir")?.as_deref() {
        Some("asc") => true,
        None | Some("desc") => false,
        Some(_) => return Err(ApiError::invalid("dir", "invalid")),
    };
    Ok(Wanted {
        name: input.filled("name")?,
        after: input.stamp("start")?,
        before: input.stamp("end")?,
        ascending,
    })
}

async fn list(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    caller.master()?;
    let (wanted, paging) = (wanted(&input)?, Paging::with_limits(&input, LIMITS.0, LIMITS.1)?);
    app.store
        .read(move |tx| {
            let found = commands::list(tx, &wanted)?;
            paging.answer("commands", found, |command| Ok(command.json(tx, &site)?))
        })
        .await
        .map(Json)
}

async fn show(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    caller.master()?;
    app.store
        .read(move |tx| {
            let command = commands::find(tx, &id)?.ok_or_else(|| ApiError::missing("command"))?;
            let mut answer = command.json(tx, &site)?;
            let deliveries = commands::deliveries(tx, command.seq)?;
            answer["deliveries"] = deliveries.iter().map(Delivery::json_for_sender).collect();
            Ok(answer)
        })
        .await
        .map(Json)
}

/// The device whose commands a call may touch: with its primary key, or with a master key.
fn own_device(tx: &Tx, caller: &Caller, device: &str) -> Result<i64, ApiError> {
    let device = caller.device(tx, &DeviceRef::parse(device))?;
    if !caller.key.is_master() && caller.key.kind != KeyKind::Primary {
        return Err(ApiError::forbidden("Commands need the primary key of the device"));
    }
    Ok(device.seq)
}

async fn list_of_device(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path(device): Path<String>,
    input: Input,
) -> Result<Json<Value>, ApiError> {
    let (wanted, paging) = (wanted(&input)?, Paging::with_limits(&input, LIMITS.0, LIMITS.1)?);
    let status = input.filled("status")?;
    app.store
        .read(move |tx| {
            let device = own_device(tx, &caller, &device)?;
            let found = commands::of_device(tx, device, status.as_deref(), &wanted)?;
            paging.answer("commands", found, |delivery| Ok(delivery.json(&site)))
        })
        .await
        .map(Json)
}

fn delivery(tx: &Tx, device: i64, id: &str) -> Result<Delivery, ApiError> {
    commands::delivery(tx, device, id)?.ok_or_else(|| ApiError::missing("command"))
}

async fn show_of_device(
    State(app): State<App>,
    Site(site): Site,
    caller: Caller,
    Path((device, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    app.store
        .read(move |tx| {
            let device = own_device(tx, &caller, &device)?;
            Ok(delivery(tx, device, &id)?.json(&site))
        })
        .await
        .map(Json)
}

async fn answer(
    app: &App,
    caller: Caller,
    (device, id): (String, String),
    status: &'static str,
    input: Input,
) -> Result<StatusCode, ApiError> {
    app.store
        .write(move |tx| {
            let device = own_device(tx, &caller, &device)?;
            let delivery = delivery(tx, device, &id)?;
            if delivery.status != "pending" {
                let was = delivery.status;
                return Err(ApiError::conflict(format!("The command was {was} already")));
            }
            let response = Value::Object(input.body);
            Ok(commands::answer(tx, device, delivery.command.seq, status, &response)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn process(
    State(app): State<App>,
    caller: Caller,
    path: Path<(String, String)>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    answer(&app, caller, path.0, "processed", input).await
}

async fn reject(
    State(app): State<App>,
    caller: Caller,
    path: Path<(String, String)>,
    input: Input,
) -> Result<StatusCode, ApiError> {
    answer(&app, caller, path.0, "rejected", input).await
}
