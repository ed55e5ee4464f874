//! Blynk's two calls of a board: set a virtual pin, read it. The token is a device's key, the pins
//! are its streams. It owns the shapes of that API; it must not know how data is stored.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use crate::api::{Call, Description, Security, Table, get, reply, text};
use crate::app::{App, Peer};
use crate::auth::Caller;
use crate::error::{ApiError, Reason};
use crate::input::Input;
use crate::routes::{OfDevice, store_values};
use crate::store::devices::DeviceRef;
use crate::store::{streams, values};

fn table() -> Table {
    let refused = reply(&[("error", reply(&[("message", text())]))]).named("BlynkRefusal");
    let with_pin = |call: Call| {
        call.secured(Security::Token).asks(&[("V1", text())]).refuses_only(400, refused.clone())
    };
    Table::new("Blynk")
        .at(
            "/external/api/update",
            [with_pin(get(update, "Sets pins: V1, V2 and so on")).answers_nothing()],
        )
        .at(
            "/external/api/get",
            [with_pin(get(read, "The value of a pin, bare")).answers_text("text/plain")],
        )
}

pub(crate) fn router(app: App, described: &mut Description) -> Router {
    table()
        .serve(described)
        .method_not_allowed_fallback(async |method: Method| ApiError::method(method.as_str()))
        .fallback(async |request: Request| ApiError::no_route(request.uri().path()))
        .with_state(app)
}

/// A refusal in Blynk's form.
struct Refused(ApiError);

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let words = self.0.words();
        let body = json!({ "error": { "message": words } });
        (StatusCode::BAD_REQUEST, Extension(Reason(words)), Json(body)).into_response()
    }
}

/// The device of the token, if its key allows what is needed, and the pins that are named (`V1`, …) with their values.
async fn parse(
    app: &App,
    peer: Option<Extension<Peer>>,
    input: &Input,
    needed: &Method,
) -> Result<(Caller, DeviceRef, Vec<(String, String)>), Refused> {
    let invalid = || Refused(ApiError::bad_request("Invalid token."));
    let token = input.filled("token").map_err(Refused)?.ok_or_else(invalid)?;
    let peer = peer.map(|Extension(peer)| peer).unwrap_or_default();
    let caller = Caller::with_token(app, &token, needed, peer).await;
    let caller =
        caller.map_err(|error| if error.status() == 401 { invalid() } else { Refused(error) })?;
    let device = caller.key.device_id.clone().map(DeviceRef::Id).ok_or_else(invalid)?;
    let is_pin = |name: &str| {
        let digits = name.strip_prefix(['V', 'v']).unwrap_or_default();
        !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let pins: Vec<(String, String)> =
        input.query.iter().filter(|(name, _)| is_pin(name)).cloned().collect();
    if pins.is_empty() {
        return Err(Refused(ApiError::bad_request("No pin: say one as in `V1=5`")));
    }
    Ok((caller, device, pins))
}

async fn update(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    input: Input,
) -> Result<Response, Refused> {
    // It comes by GET, and it writes.
    let (caller, device, pins) = parse(&app, peer, &input, &Method::PUT).await?;
    let of = OfDevice(device.clone());
    app.store
        .write(move |tx| {
            for (pin, text) in pins {
                let device = caller.device_for_stream(tx, &device, &pin)?;
                let number = serde_json::from_str(&text).ok().filter(Value::is_number);
                let value = number.unwrap_or(Value::String(text));
                store_values(tx, &device, &pin, [(None, value)], &pin)?;
            }
            Ok(())
        })
        .await?;
    Ok((Extension(of), ()).into_response())
}

async fn read(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    input: Input,
) -> Result<Response, Refused> {
    let (caller, device, pins) = parse(&app, peer, &input, &Method::GET).await?;
    let of = OfDevice(device.clone());
    let pin = pins.into_iter().next().map(|(pin, _)| pin).unwrap_or_default();
    let text = app
        .store
        .read(move |tx| {
            let device = caller.device_for_stream(tx, &device, &pin)?;
            let stream = streams::find(tx, device.seq, &pin)?;
            let stream = stream.ok_or_else(|| ApiError::missing("pin"))?;
            let value = stream.value.as_ref().map(|text| values::to_json(stream.kind, text));
            Ok(match value {
                None => String::new(),
                Some(Value::String(text)) => text,
                Some(value) => value.to_string(),
            })
        })
        .await?;
    Ok((Extension(of), text).into_response())
}
