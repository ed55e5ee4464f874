//! The page for people: devices with their last values, and the newest requests with the reason of
//! each refusal. Rendered here, without scripts; everything from outside is escaped.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use crate::app::Services;
use crate::error::ApiError;
use crate::store::devices::{self, Device};
use crate::store::log::{self, Entry};
use crate::store::streams::{self, Stream};

/// How many devices and requests the page shows.
const SHOWN: i64 = 200;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;\
padding:0 1rem;color:#223}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}\
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #dde;vertical-align:top}\
th{color:#667;font-weight:600}code,pre{font:13px ui-monospace,monospace}pre{white-space:pre-wrap;\
word-break:break-all;background:#f5f6fa;padding:.5rem}.bad{color:#b3261e}.good{color:#1b6e3c}\
.faint{color:#778}";

/// `GET /healthz`
pub(crate) async fn health(State(services): State<Services>) -> Result<&'static str, ApiError> {
    services.app.store.read(|tx| Ok(tx.count("SELECT 1", &[])?)).await?;
    Ok("ok\n")
}

/// `GET /openapi.json`: what boards and programs can ask, for tools.
pub(crate) async fn description(State(services): State<Services>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, services.description.to_string()).into_response()
}

/// `GET /`
pub(crate) async fn show(State(services): State<Services>) -> Response {
    // Through the writer's queue, so that the calls answered so far are all there.
    let read = services.app.store.write(|tx| {
        let devices = devices::select(tx, "1 = 1", "d.seq LIMIT ?1", &[SHOWN.into()])?;
        let with_streams: Result<Vec<_>, ApiError> = devices
            .into_iter()
            .map(|device| {
                let streams = streams::list(tx, device.seq)?;
                Ok((device, streams))
            })
            .collect();
        Ok((with_streams?, log::newest(tx, SHOWN)?))
    });
    match read.await {
        Ok((devices, requests)) => Html(render(&devices, &requests)).into_response(),
        Err(error) => error.into_response(),
    }
}

fn render(devices: &[(Device, Vec<Stream>)], requests: &[Entry]) -> String {
    let device_rows: String =
        devices.iter().map(|(device, streams)| row_of(device, streams)).collect();
    let request_rows: String = requests.iter().map(row_of_request).collect();
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Workshop cloud</title>\
         <meta name=viewport content='width=device-width'><style>{STYLE}</style>\
         <h1>Workshop cloud</h1><p><a href=/json/>db.json</a> · <a href=/openapi.json>openapi.json</a><h2>Devices</h2>{}<h2>Requests</h2>{}</html>\n",
        table("Device|Id|Last values|Active", &device_rows, "No device yet."),
        table("Time|Request|Answer", &request_rows, "No request yet."),
    )
}

fn table(heads: &str, rows: &str, empty: &str) -> String {
    if rows.is_empty() {
        return format!("<p class=faint>{empty}</p>");
    }
    let heads: String = heads.split('|').map(|head| format!("<th>{head}")).collect();
    format!("<table><tr>{heads}{rows}</table>")
}

fn row_of(device: &Device, streams: &[Stream]) -> String {
    let values: String = streams
        .iter()
        .map(|stream| {
            let value = stream.value.as_deref().unwrap_or("–");
            format!("<div>{}: <b>{}</b></div>", escape(&stream.name), escape(value))
        })
        .collect();
    format!(
        "<tr><td>{}<td><code>{}</code><td>{}<td class=faint>{}",
        escape(&device.name),
        escape(&device.id),
        if values.is_empty() { "<span class=faint>none</span>" } else { &values },
        device.last_activity.iso(),
    )
}

fn row_of_request(entry: &Entry) -> String {
    let class = if entry.status < 400 { "good" } else { "bad" };
    let reason = entry.reason.as_deref().map(escape).unwrap_or_default();
    format!(
        "<tr><td class=faint>{}<td><details><summary><code>{} {}</code></summary><pre>{}</pre>\
         <pre>{}</pre></details><td class={class}>{} {reason}",
        entry.at.iso(),
        escape(&entry.method),
        escape(&entry.path),
        escape(&entry.request),
        escape(&entry.answer),
        entry.status,
    )
}

/// Text that cannot become markup.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
