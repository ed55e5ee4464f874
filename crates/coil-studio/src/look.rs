//! `GET /api/boards/{name}/look`: what a board looks like now, for a tab that comes in the middle.

use crate::Studio;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use coil_board::look::{Memory, PinView};
use coil_board::outside::Event;
use coil_lab::{Look, LookError};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How long a board may take to come to it.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /api/boards/{name}/look`
pub(crate) async fn look(State(studio): State<Studio>, Path(name): Path<String>) -> Response {
    let Some(board) = studio.0.lab.handles.get(&name).cloned() else {
        let error = format!(
            "`{name}` is no virtual board of this workshop, so nobody can look into it; /api/boards tells which are"
        );
        return (StatusCode::NOT_FOUND, Json(json!({ "error": error }))).into_response();
    };
    // It is never closed, so there is a place in time.
    let place = studio.0.looks.clone().acquire_owned().await;
    let seen = tokio::task::spawn_blocking(move || {
        let _place = place;
        board.look().wait(PATIENCE)
    });
    match seen.await {
        Ok(Ok(look)) => Json(told(&look)).into_response(),
        Ok(Err(error)) => {
            let status = match error {
                LookError::Gone => StatusCode::GONE,
                LookError::Late => StatusCode::GATEWAY_TIMEOUT,
            };
            (status, Json(json!({ "error": error.to_string() }))).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn told(look: &Look) -> Value {
    let mut parts: Map<String, Value> = Map::new();
    for event in &look.parts {
        if let Event::Part { part, name, value } = event {
            let part = parts.entry(part.clone()).or_insert_with(|| json!({}));
            part[&**name] = json!(value);
        }
    }
    let view = &look.view;
    let sockets = view.sockets.iter();
    let sockets = sockets.map(|s| json!({ "socket": s.socket, "kind": s.kind, "calls": s.calls }));
    json!({
        "at_ns": look.at_ns,
        "pins": view.pins.iter().map(pin).collect::<Vec<_>>(),
        "parts": parts,
        "heap": memory(view.heap, None),
        "idf_heap": memory(view.idf_heap, Some(view.idf_lowest)),
        "sockets": sockets.collect::<Vec<_>>(),
    })
}

fn pin(pin: &PinView) -> Value {
    let pull = pin.pull.map(|up| if up { "up" } else { "down" });
    let mut told = json!({
        "gpio": pin.gpio, "output": pin.output, "level": u8::from(pin.level), "pull": pull,
    });
    if let Some((freq, duty_u16)) = pin.pwm {
        told["pwm"] = json!({ "freq": freq, "duty_u16": duty_u16 });
    }
    told
}

fn memory(memory: Memory, lowest: Option<u32>) -> Value {
    let Memory { used, free } = memory;
    let mut told = json!({ "total": used + free, "used": used, "free": free });
    if let Some(lowest) = lowest {
        told["lowest"] = lowest.into();
    }
    told
}
