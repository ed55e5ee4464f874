//! `/api/air`: which networks there are, who is in the workshop's own, and what goes wrong on purpose.

use crate::{OnAir, Studio};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use coil_air::{FAULTS, Fault, FaultKind, Faults};
use serde::Deserialize;
use serde_json::{Value, json};

/// Changes of one call at most.
const CHANGES_MAX: usize = 100;

/// What is to go wrong from now on, or no more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    faults: Vec<String>,
}

/// `GET /api/air`
pub(crate) async fn told(State(studio): State<Studio>) -> Response {
    match &studio.0.lab.air {
        Some(air) => Json(json_of(air)).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "there is no air here"),
    }
}

/// `POST /api/air`: all of it or nothing.
pub(crate) async fn change(State(studio): State<Studio>, Json(wanted): Json<Wanted>) -> Response {
    let Some(on_air) = &studio.0.lab.air else {
        return refuse(StatusCode::NOT_FOUND, "there is no air here");
    };
    if wanted.faults.len() > CHANGES_MAX {
        return refuse(StatusCode::BAD_REQUEST, "that are too many changes at once");
    }
    let read: Result<Vec<Fault>, _> = wanted.faults.iter().map(|text| Fault::read(text)).collect();
    match read {
        Ok(faults) => {
            on_air.air.set_faults(faults.into_iter().fold(on_air.air.faults(), Faults::with));
            Json(json_of(on_air)).into_response()
        }
        Err(error) => refuse(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

fn refuse(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

fn json_of(OnAir { air, stations }: &OnAir) -> Value {
    let networks = air.scan().into_iter().filter(|ap| !ap.hidden);
    let networks = networks.map(|ap| {
        json!({ "ssid": ap.ssid, "channel": ap.channel, "rssi": ap.rssi, "security": ap.security })
    });
    let stations = stations.iter().map(|(board, mac)| {
        let address = air.address_of(*mac).map(|ip| ip.to_string());
        let mac_text = mac.map(|byte| format!("{byte:02x}")).join(":");
        let connected = air.is_connected(*mac);
        json!({ "board": board, "mac": mac_text, "connected": connected, "address": address })
    });
    let now = FAULTS.iter().zip(air.faults().all()).map(|(kind, fault)| fault_of(kind, fault));
    json!({
        "networks": networks.collect::<Vec<_>>(),
        "stations": stations.collect::<Vec<_>>(),
        "faults": now.collect::<Vec<_>>(),
    })
}

fn fault_of(kind: &FaultKind, fault: Fault) -> Value {
    let is_it = |choice: &&&str| Fault::parse(kind.name, choice) == Ok(fault);
    let text = fault.to_string();
    let written = || text.split_once('=').map_or("", |(_, value)| value);
    json!({
        "name": kind.name,
        "value": kind.choices.iter().find(is_it).map_or_else(written, |choice| *choice),
        "usual": kind.choices.first(),
        "choices": kind.choices,
        "values": kind.form,
        "text": kind.text,
    })
}
