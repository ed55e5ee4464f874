//! The cloud as a whole: its state, which service answers a request, and connections. It must not
//! know what the services do.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::map_request;
use axum::response::Response;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::api::Description;
use crate::auth::KeyCache;
use crate::config::{CloudConfig, Limits};
use crate::error::{ApiError, Error};
use crate::jsonserver::JsonServer;
use crate::limits::Rates;
use crate::mqtt::{self, Broker};
use crate::overheard::{Heard, Overheard};
use crate::packages::Packages;
use crate::pictures::Pictures;
use crate::store::keys::{self, Key, KeyKind, Owner};
use crate::store::{Store, retained};
use crate::triggers::callback;
use crate::{attserver, blynk, ids, jsonserver, packages, page, routes, seats, thingspeak};

/// The host name under which `db.json` is read, and nothing else is.
const JSON_HOST: &str = "my-json-server.typicode.com";

/// The host name under which ThingSpeak answers, and nothing else does.
const THINGSPEAK_HOST: &str = "api.thingspeak.com";

/// Connections at a time of which it is not known yet who talks, at ports that are secured.
const HANDSHAKES: usize = 64;
/// Bytes of a request's head at most.
const HEAD_BYTES: usize = 64 * 1024;

/// What every handler works with.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

/// The same for a task that must not keep a cloud alive that nobody has any more.
#[derive(Clone)]
pub(crate) struct WeakApp(Weak<Inner>);

impl WeakApp {
    pub(crate) fn upgrade(&self) -> Option<App> {
        self.0.upgrade().map(App)
    }
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) keys: KeyCache,
    pub(crate) rates: Rates,
    pub(crate) limits: Limits,
    pub(crate) json: JsonServer,
    pub(crate) packages: Packages,
    pub(crate) broker: Broker,
    pub(crate) pictures: Pictures,
    connections: Arc<Semaphore>,
    mqtt_connections: Arc<Semaphore>,
    pub(crate) master: String,
    pub(crate) password: Option<String>,
}

impl std::fmt::Debug for App {
    /// Without keys and passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Where a connection comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Peer {
    /// Its address, if it has one.
    pub address: Option<IpAddr>,
    /// Whether TLS was taken off on the way, so that our own addresses begin with `https`.
    pub tls: bool,
}

/// Which kind of key a device gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKey {
    /// Random id and key.
    Random,
    /// The MD5 of the name as id and key, as the course did it. It can be guessed.
    Md5OfName,
}

/// A device and the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Its id, as in `/v2/devices/{id}`.
    pub id: String,
    /// Its name, which is its serial too.
    pub name: String,
    /// Its primary key, for `X-M2X-KEY`.
    pub key: String,
}

/// A running cloud; clones are the same cloud.
#[derive(Debug, Clone)]
pub struct Cloud {
    app: App,
    router: Router,
}

impl Cloud {
    /// Opens the storage, making it at the first start.
    ///
    /// # Errors
    /// The database cannot be opened or is from a later version.
    pub async fn open(config: CloudConfig) -> Result<Self, Error> {
        let (notices, told) = tokio::sync::mpsc::unbounded_channel();
        let store = Store::open(&config.database, notices)?;
        let master = store
            .write(|tx| {
                if let Some(key) = keys::master(tx)? {
                    return Ok(key.token);
                }
                let key = Key::new(KeyKind::Master, "Master Key", ids::random());
                keys::insert(tx, &key)?;
                Ok(key.token)
            })
            .await?;
        let broker = Broker::default();
        broker.restore(store.read(|tx| Ok(retained::all(tx)?)).await?);
        let json = JsonServer::open(config.db_json, store.clone()).await?;
        let app = App(Arc::new(Inner {
            store,
            keys: KeyCache::default(),
            rates: Rates::new(config.limits.requests_per_second),
            connections: Arc::new(Semaphore::new(config.limits.connections.max(1))),
            mqtt_connections: Arc::new(Semaphore::new(config.limits.mqtt_connections.max(1))),
            limits: config.limits,
            json,
            packages: Packages::new(config.packages),
            broker,
            pictures: Pictures::default(),
            master,
            password: config.master_password,
        }));
        tokio::spawn(callback::run(told, config.outward, WeakApp(Arc::downgrade(&app.0))));
        let hosted = Router::new().fallback(json_hosted).with_state(app.clone());
        let mut described = Description::default();
        let services = Services {
            m2x: routes::router(app.clone(), &mut described),
            hosted: routes::recorded(hosted, app.clone()),
            attserver: routes::recorded(
                attserver::router(app.clone(), &mut described),
                app.clone(),
            ),
            packages: routes::recorded(packages::router(app.clone()), app.clone()),
            blynk: routes::recorded(blynk::router(app.clone(), &mut described), app.clone()),
            seats: routes::recorded(seats::router(app.clone(), &mut described), app.clone()),
            thingspeak: routes::recorded(
                thingspeak::router(app.clone(), &mut described),
                app.clone(),
            ),
            description: described.json().into(),
            app: app.clone(),
        };
        let router = Router::new()
            .route("/", axum::routing::get(page::show))
            .route("/healthz", axum::routing::get(page::health))
            .route("/openapi.json", axum::routing::get(page::description))
            .method_not_allowed_fallback(async |method: Method| ApiError::method(method.as_str()))
            .fallback(by_path)
            .with_state(services.clone());
        let router = Router::new().fallback(by_host).with_state(Arc::new((services, router)));
        Ok(Self { app, router })
    }

    /// The whole cloud as one service; tests drive it without a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// `db.json` alone, as json-server serves it at the root of a port, with writes that stay.
    pub fn json_router(&self) -> Router {
        Router::new().fallback(json_root).with_state(self.app.clone())
    }

    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// The default master key as of the opening.
    #[must_use]
    pub fn master_key(&self) -> String {
        self.app.master.clone()
    }

    /// The device with this name as its serial, made if it is not there. One that is there keeps
    /// the key it has.
    ///
    /// # Errors
    /// The storage fails.
    pub async fn ensure_device(&self, name: &str, kind: DeviceKey) -> Result<DeviceInfo, Error> {
        let name = name.to_owned();
        let made = self.app.store.write(move |tx| {
            let device = seats::ensure(tx, &name, kind)?;
            let key = keys::primary(tx, Owner::Device(device.seq))?.unwrap_or_default();
            Ok(DeviceInfo { id: device.id, name, key })
        });
        Ok(made.await?)
    }

    /// Serves plain HTTP until `shutdown` is over.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve<F>(self, listener: TcpListener, shutdown: F) -> io::Result<()>
    where
        F: Future<Output = ()> + Send,
    {
        let router = self.router();
        self.serve_router(router, listener, shutdown).await
    }

    /// Serves `db.json` alone at the root of a port, until `shutdown` is over.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve_json<F>(self, listener: TcpListener, shutdown: F) -> io::Result<()>
    where
        F: Future<Output = ()> + Send,
    {
        let router = self.json_router();
        self.serve_router(router, listener, shutdown).await
    }

    async fn serve_router<F>(
        self,
        router: Router,
        listener: TcpListener,
        shutdown: F,
    ) -> io::Result<()>
    where
        F: Future<Output = ()> + Send,
    {
        let app = self.app;
        accept(listener, shutdown, |stream, peer| {
            let (app, router) = (app.clone(), router.clone());
            tokio::spawn(async move {
                // The client has gone, which is its right.
                let _ = connection(&app, router, stream, peer).await;
            });
        })
        .await
    }

    /// Serves one connection, wherever it comes from, to its end.
    ///
    /// # Errors
    /// The connection breaks, or what comes over it is not HTTP.
    pub async fn serve_connection<I>(&self, io: I, peer: Peer) -> Result<(), hyper::Error>
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        connection(&self.app, self.router(), io, peer).await
    }

    /// Serves one connection of MQTT, wherever it comes from, to its end. A user name is a key of the cloud; `anyone` lets in who
    /// has none, as public brokers do.
    pub async fn serve_mqtt_connection<I>(&self, io: I, peer: Peer, anyone: bool)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        // The semaphore is never closed, so there is always a place in time.
        let _place = Arc::clone(&self.app.mqtt_connections).acquire_owned().await;
        mqtt::serve(self.app.clone(), self.router(), io, peer, anyone).await;
    }

    /// Serves MQTT on a port until `shutdown` is over; `anyone` lets in who has no key.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve_mqtt<F>(
        self,
        listener: TcpListener,
        anyone: bool,
        shutdown: F,
    ) -> io::Result<()>
    where
        F: Future<Output = ()> + Send,
    {
        accept(listener, shutdown, |stream, peer| {
            let cloud = self.clone();
            tokio::spawn(async move { cloud.serve_mqtt_connection(stream, peer, anyone).await });
        })
        .await
    }
}

/// What is spoken at a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    /// HTTP, with all services.
    Http,
    /// MQTT; `anyone` lets in who has no key.
    Mqtt {
        /// Whether a key is not asked for.
        anyone: bool,
    },
}

impl Cloud {
    /// Serves a port at which connections are secured: `open` makes of each what is said inside. Until `shutdown` is over.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve_secured<S, O, Opened, F>(
        self,
        listener: TcpListener,
        spoken: Spoken,
        open: O,
        shutdown: F,
    ) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + Sync + 'static,
        O: Fn(TcpStream) -> Opened + Clone + Send + 'static,
        Opened: Future<Output = io::Result<S>> + Send,
        F: Future<Output = ()> + Send,
    {
        let places = Arc::new(Semaphore::new(HANDSHAKES));
        accept(listener, shutdown, |stream, peer| {
            let (cloud, open, places) = (self.clone(), open.clone(), places.clone());
            tokio::spawn(async move {
                // The semaphore is never closed, so there is always a place in time.
                let place = places.acquire_owned().await;
                let opened = open(stream).await;
                drop(place);
                // Who does not secure it, has not come.
                let Ok(stream) = opened else { return };
                let peer = Peer { tls: true, ..peer };
                match spoken {
                    // The client has gone, which is its right.
                    Spoken::Http => drop(cloud.serve_connection(stream, peer).await),
                    Spoken::Mqtt { anyone } => {
                        cloud.serve_mqtt_connection(stream, peer, anyone).await;
                    }
                }
            });
        })
        .await
    }
}

/// Takes connections until `shutdown` is over.
async fn accept<F>(
    listener: TcpListener,
    shutdown: F,
    mut serve: impl FnMut(TcpStream, Peer),
) -> io::Result<()>
where
    F: Future<Output = ()> + Send,
{
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => return Ok(()),
        };
        let Ok((stream, address)) = accepted else {
            // Out of descriptors, or a client that left at once: others are still served.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        // Small answers go out at once; a failure only makes them slower.
        let _ = stream.set_nodelay(true);
        serve(stream, Peer { address: Some(address.ip()), tls: false });
    }
}

async fn connection<I>(app: &App, router: Router, io: I, peer: Peer) -> Result<(), hyper::Error>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // The semaphore is never closed, so there is always a place in time.
    let _place = Arc::clone(&app.connections).acquire_owned().await;
    let heard = Heard::default();
    let forgetting = heard.clone();
    let router = router.layer(axum::Extension(peer)).layer(map_request(move |request: Request| {
        forgetting.forget();
        std::future::ready(request)
    }));
    let served = http1::Builder::new()
        .title_case_headers(true)
        .max_buf_size(HEAD_BYTES)
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(app.limits.header_seconds))
        .serve_connection(
            TokioIo::new(Overheard::new(io, heard.clone())),
            TowerToHyperService::new(router),
        )
        .await;
    if let Err(error) = &served
        && let Some((request, why)) = heard.explain(error)
    {
        routes::note_broken(app, request, why);
    }
    served
}

/// The services behind the router.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    pub(crate) app: App,
    m2x: Router,
    /// The description of all calls, as JSON.
    pub(crate) description: Arc<str>,
    hosted: Router,
    attserver: Router,
    packages: Router,
    blynk: Router,
    seats: Router,
    thingspeak: Router,
}

/// The host that a request names, without its port.
fn host(headers: &HeaderMap) -> &str {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

/// Hosts that boards know by name come first; every other host has all services by path. Those that are called most are not looked for
/// among the others.
async fn by_host(State(all): State<Arc<(Services, Router)>>, request: Request) -> Response {
    let (services, by_path) = &*all;
    let host = host(request.headers());
    if host.eq_ignore_ascii_case(JSON_HOST) {
        return send(services.hosted.clone(), request).await;
    }
    if host.eq_ignore_ascii_case(THINGSPEAK_HOST) {
        return send(services.thingspeak.clone(), request).await;
    }
    match first_segment(&request) {
        "json" => jsonserver::mounted(&services.app, request).await,
        "v2" => send(services.m2x.clone(), routes::rewrite(request)).await,
        _ => send(by_path.clone(), request).await,
    }
}

fn first_segment(request: &Request) -> &str {
    request.uri().path().split('/').nth(1).unwrap_or_default()
}

/// Beside M2X and json-server, a few names are those of later services, `/coil/…` is the workshop's own, and any two other segments are
/// my-json-server.
async fn by_path(State(services): State<Services>, request: Request) -> Response {
    let service = match first_segment(&request) {
        "devices" | "master-token" => services.attserver,
        "external" => services.blynk,
        "coil" => services.seats,
        "pi" => services.packages,
        _ if thingspeak::is_ours(request.uri().path()) => services.thingspeak,
        _ => services.hosted,
    };
    send(service, request).await
}

async fn send(service: Router, request: Request) -> Response {
    let Ok(response) = service.oneshot(request).await;
    response
}

async fn json_hosted(State(app): State<App>, request: Request) -> Response {
    jsonserver::hosted(&app, request).await
}

async fn json_root(State(app): State<App>, request: Request) -> Response {
    jsonserver::root(&app, request).await
}
