//! What boards asked of the network.

use super::{Failure, nearest};
use crate::board::Recording;
use crate::http::is_like;
use crate::scenario::{RequestForm, Window};
use crate::service::Asked;

pub(super) fn check(form: &RequestForm, window: Window, seen: &Recording) -> Option<Failure> {
    let asked = || seen.requests.iter().map(|a| (a.at_us * 1000, a));
    let of_path = |a: &Asked| {
        (form.method == "*" || form.method == a.request.method)
            && is_like(&form.path, &a.request.path)
            && form.host.as_ref().is_none_or(|h| h.eq_ignore_ascii_case(&a.host))
    };
    let meant: Vec<_> = asked().filter(|a| window.has(a.0) && of_path(a.1)).collect();
    let fit = meant.iter().filter(|a| why_not(form, a.1).is_none()).count();
    if form.times.has(fit) {
        return None;
    }
    let mut expected = format!("the request {} {} {}", form.method, form.path, form.times);
    for (name, value) in &form.headers {
        expected += &format!(", with {name}: {value}");
    }
    let told = match meant.iter().find_map(|a| why_not(form, a.1)) {
        Some(why) => why,
        None => format!("{fit} times"),
    };
    let requests = nearest(window.to_ns, asked(), |a| {
        format!("{} {} ({})", a.request.method, a.request.path, a.status)
    });
    let requests =
        if seen.requests.is_empty() { "the board asked for nothing".into() } else { requests };
    Some(Failure::new(expected, format!("{told}\n{requests}")))
}

/// Why a request is not as it was to be.
fn why_not(form: &RequestForm, asked: &Asked) -> Option<String> {
    let request = &asked.request;
    for (name, wanted) in &form.headers {
        match request.header(name) {
            Some(value) if is_like(wanted, value) => {}
            Some(value) => return Some(format!("its header {name} is {value:?}")),
            None => return Some(format!("it has no header {name}")),
        }
    }
    let body = String::from_utf8_lossy(&request.body);
    let wrong_body = form.body.as_ref().is_some_and(|b| *b != body)
        || form.contains.as_ref().is_some_and(|c| !body.contains(c.as_str()))
        || form.json.as_ref().is_some_and(|wanted| {
            !serde_json::from_slice(&request.body).is_ok_and(|sent| is_within(wanted, &sent))
        });
    wrong_body.then(|| format!("its body is {body:?}"))
}

/// Whether JSON has everything that is wanted; members that nobody named may be there as well.
fn is_within(wanted: &serde_json::Value, sent: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (wanted, sent) {
        (Object(wanted), Object(sent)) => {
            wanted.iter().all(|(k, v)| sent.get(k).is_some_and(|s| is_within(v, s)))
        }
        (Array(wanted), Array(sent)) => {
            wanted.len() == sent.len() && wanted.iter().zip(sent).all(|(w, s)| is_within(w, s))
        }
        (Number(wanted), Number(sent)) => wanted.as_f64() == sent.as_f64(),
        (wanted, sent) => wanted == sent,
    }
}
