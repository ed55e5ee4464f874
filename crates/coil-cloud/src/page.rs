//! The page for people: devices with their last values, and the newest requests with the reason of
//! each refusal. Rendered here, without scripts; everything from outside is escaped.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::{App, Peer, Services};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::input::{encode, parse_pairs};
use crate::store::charts::{self, Chart};
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::log::{self, Entry};
use crate::store::sql::Tx;
use crate::store::streams::{self, Stream};

/// How many devices and requests the page shows.
const SHOWN: i64 = 200;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;\
padding:0 1rem;color:#223}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}\
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #dde;vertical-align:top}\
th{color:#667;font-weight:600}code,pre{font:13px ui-monospace,monospace}pre{white-space:pre-wrap;\
word-break:break-all;background:#f5f6fa;padding:.5rem}.bad{color:#b3261e}.good{color:#1b6e3c}\
.faint{color:#778}td.faint{white-space:nowrap}";

/// `GET /healthz`
pub(crate) async fn health(State(services): State<Services>) -> Result<&'static str, ApiError> {
    services.app.store.read(|tx| Ok(tx.count("SELECT 1", &[])?)).await?;
    Ok("ok\n")
}

/// Lets in who sits at this machine, and asks others for a key that reads everything. A browser that came here by a name of
/// somebody else's is asked as well: what it shows it would show to them.
async fn admit(app: &App, parts: &Parts) -> Result<(), Response> {
    let peer = parts.extensions.get::<Peer>().copied().unwrap_or_default();
    let is_here = peer.address.is_none_or(|address| address.is_loopback());
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.parse::<Authority>().map(|it| it.host().to_owned()));
    let is_own_name = match name {
        None => true,
        Some(Err(_)) => false,
        Some(Ok(name)) => {
            name == "localhost" || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
        }
    };
    if is_here && is_own_name {
        return Ok(());
    }
    let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let said = value.and_then(|value| value.strip_prefix("Basic ")).map(str::trim);
    let said = said.and_then(|said| STANDARD.decode(said).ok()).unwrap_or_default();
    let key = String::from_utf8(said).ok();
    let key = key.as_deref().and_then(|said| said.split_once(':')).map(|(_, key)| key);
    let caller = match key {
        Some(key) => Caller::with_token(app, key, &Method::GET, peer).await,
        None => Err(ApiError::unauthorized("The page asks for a key as the password")),
    };
    caller.and_then(|caller| caller.master()).map_err(|error| {
        let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"workshop, a key as the password\"")];
        let status = StatusCode::UNAUTHORIZED;
        (status, ask, format!("{error}\n")).into_response()
    })
}

/// What the page shows: of all, or of one device.
struct Shown {
    of_one: bool,
    devices: Vec<(Device, Vec<Stream>)>,
    charts: Vec<Chart>,
    requests: Vec<Entry>,
}

impl Shown {
    fn read(tx: &Tx, one: Option<String>) -> Result<Self, ApiError> {
        let of_one = one.is_some();
        let (devices, requests) = match one {
            None => {
                let devices = devices::select(tx, "1 = 1", "d.seq LIMIT ?1", &[SHOWN.into()])?;
                (devices, log::newest(tx, SHOWN)?)
            }
            Some(id) => {
                let device = devices::find(tx, &DeviceRef::Id(id))?;
                let device = device.ok_or_else(|| ApiError::missing("device"))?;
                let requests = log::of_device(tx, device.seq, SHOWN)?;
                (vec![device], requests)
            }
        };
        let mut charts = charts::list(tx)?;
        charts
            .retain(|chart| !of_one || chart.series.iter().any(|one| one.device == devices[0].id));
        charts.truncate(usize::try_from(SHOWN).unwrap_or_default());
        let with_streams = devices.into_iter().map(|device| {
            let streams = streams::list(tx, device.seq)?;
            Ok((device, streams))
        });
        let devices = with_streams.collect::<Result<_, ApiError>>()?;
        Ok(Self { of_one, devices, charts, requests })
    }

    fn render(&self) -> String {
        let device_rows: String =
            self.devices.iter().map(|(device, streams)| row_of(device, streams)).collect();
        let chart_rows: String = self.charts.iter().map(row_of_chart).collect();
        let request_rows: String = self.requests.iter().map(row_of_request).collect();
        let back = if self.of_one { "<a href=/>all devices</a> " } else { "" };
        let charts = match chart_rows.as_str() {
            "" => String::new(),
            rows => table("Chart|Picture", rows, ""),
        };
        format!(
            "<!doctype html><html lang=en><meta charset=utf-8><title>Workshop cloud</title>\
             <meta name=viewport content='width=device-width'><style>{STYLE}</style>\
             <h1>Workshop cloud</h1><p>{back}<a href=/json/>db.json</a> · <a href=/openapi.json>openapi.json</a><h2>Devices</h2>{}{charts}\
             <h2>Requests</h2>{}</html>\n",
            table("Device|Id|Channel|Last values|Active", &device_rows, "No device yet."),
            table("Time|Request|Answer", &request_rows, "No request yet."),
        )
    }
}

/// `GET /openapi.json`: what boards and programs can ask, for tools.
pub(crate) async fn description(State(services): State<Services>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, services.description.to_string()).into_response()
}

/// `GET /`, with `device` for one of them.
pub(crate) async fn show(State(services): State<Services>, request: Request) -> Response {
    let parts = request.into_parts().0;
    if let Err(refusal) = admit(&services.app, &parts).await {
        return refusal;
    }
    let query = parse_pairs(parts.uri.query().unwrap_or_default());
    let one = query.into_iter().find(|(name, _)| name == "device").map(|(_, id)| id);
    // Through the writer's queue, so that the calls answered so far are all there.
    match services.app.store.write(move |tx| Shown::read(tx, one)).await {
        Ok(shown) => Html(shown.render()).into_response(),
        Err(error) => error.into_response(),
    }
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
        "<tr><td><a href='/?device={}'>{}</a><td><code>{}</code><td>{}<td>{}<td class=faint>{}",
        encode(&device.id),
        escape(&device.name),
        escape(&device.id),
        device.seq,
        if values.is_empty() { "<span class=faint>none</span>" } else { &values },
        device.last_activity.iso(),
    )
}

fn row_of_chart(chart: &Chart) -> String {
    let (name, url) = (escape(&chart.name), format!("/v2/charts/{}", escape(&chart.id)));
    format!("<tr><td>{name}<td><a href={url}.svg>SVG</a> <a href={url}.png>PNG</a>")
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

/// The same for XML, which has no way to write some signs: they are left out.
pub(crate) fn escape_xml(text: &str) -> String {
    let good = |letter: &char| match letter {
        '\t' | '\n' | '\r' => true,
        letter => *letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}'),
    };
    escape(&text.chars().filter(good).collect::<String>())
}
