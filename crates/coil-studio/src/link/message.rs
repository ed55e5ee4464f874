//! The text messages of a board's link: requests as JSON, and the answers to them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use coil_link::host::{Answer, Ended, Error, Listing, Request, State, Variable};
use serde::Deserialize;
use serde_json::{Value, json};

/// Characters of a name that a program is called by.
const NAME_MAX: usize = 255;

/// What a tab asks for, and by which number it knows the answer.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) id: Value,
    pub(crate) request: Request,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Wanted {
    Run {
        name: String,
        source: String,
        #[serde(default = "yes")]
        fresh: bool,
    },
    Stop,
    SoftReset,
    Reset,
    Boot {
        held: bool,
    },
    Files,
    Read {
        path: String,
    },
    Write {
        path: String,
        base64: String,
    },
    Remove {
        path: String,
    },
    Rename {
        from: String,
        to: String,
    },
    MakeFolder {
        path: String,
    },
    Variables,
    Complete {
        text: String,
    },
}

const fn yes() -> bool {
    true
}

/// A request, or why it is none with the number that it has.
pub(crate) fn read(text: &str) -> Result<Asked, (Value, String)> {
    let value: Value = serde_json::from_str(text).map_err(|_| {
        (Value::Null, "the message is no JSON; send {\"id\": 1, \"do\": \"files\"}".into())
    })?;
    let id = match value.get("id") {
        Some(id) if id.is_u64() => id.clone(),
        _ => return Err((Value::Null, "the request has no `id`; give each a number".into())),
    };
    let wanted: Wanted = serde_json::from_value(value)
        .map_err(|e| (id.clone(), format!("no request: {e}; see docs/desk.md")))?;
    let request = match wanted {
        Wanted::Run { name, .. } if name.len() > NAME_MAX || name.chars().any(char::is_control) => {
            return Err((id, format!("the program's name is none; {NAME_MAX} bytes are the most")));
        }
        Wanted::Run { name, source, fresh } => Request::Run { name, source, fresh },
        Wanted::Stop => Request::Stop,
        Wanted::SoftReset => Request::SoftReset,
        Wanted::Reset => Request::Reset,
        Wanted::Boot { held } => Request::Boot { held },
        Wanted::Files => Request::Files,
        Wanted::Read { path } => Request::Read { path },
        Wanted::Write { path, base64 } => match STANDARD.decode(base64) {
            Ok(content) => Request::Write { path, content },
            Err(_) => return Err((id, "the content is no base64; encode it with padding".into())),
        },
        Wanted::Remove { path } => Request::Remove { path },
        Wanted::Rename { from, to } => Request::Rename { from, to },
        Wanted::MakeFolder { path } => Request::MakeFolder { path },
        Wanted::Variables => Request::Variables,
        Wanted::Complete { text } => Request::Complete { text },
    };
    Ok(Asked { id, request })
}

/// An answer that something was not done.
pub(crate) fn error(id: &Value, text: &str, is_busy: bool) -> String {
    let mut error = json!({ "text": text });
    if is_busy {
        error["busy"] = true.into();
    }
    json!({ "id": id, "error": error }).to_string()
}

/// What a request came to.
pub(crate) fn answer(id: &Value, done: Result<Answer, Error>) -> String {
    let ok = match done {
        Err(e) => return error(id, &e.to_string(), e.is_busy()),
        Ok(Answer::Done) => Value::Bool(true),
        Ok(Answer::Ended(ended)) => of_ended(ended),
        Ok(Answer::Files(listing)) => of_listing(&listing),
        Ok(Answer::Content(content)) => json!({ "base64": STANDARD.encode(content) }),
        Ok(Answer::Variables(all)) => all.iter().map(of_variable).collect(),
        Ok(Answer::Names(names)) => names.into(),
    };
    json!({ "id": id, "ok": ok }).to_string()
}

fn of_ended(ended: Ended) -> Value {
    match ended {
        Ended::Done => json!({ "ended": "done" }),
        Ended::Stopped => json!({ "ended": "stopped" }),
        Ended::Reset => json!({ "ended": "reset" }),
        Ended::Exception { traceback, line } => {
            let mut value = json!({ "ended": "exception", "traceback": traceback });
            if let Some(line) = line {
                value["line"] = line.into();
            }
            if let Some(explained) = coil_explain::explain(&traceback) {
                value["explained"] = json!(explained);
            }
            value
        }
    }
}

fn of_listing(listing: &Listing) -> Value {
    let entry = |entry: &coil_link::host::Entry| match entry.size {
        Some(size) => json!({ "path": entry.path, "size": size }),
        None => json!({ "path": entry.path, "folder": true }),
    };
    let files: Vec<Value> = listing.files.iter().map(entry).collect();
    let mut value = json!({ "files": files, "free": listing.free, "total": listing.total });
    if listing.is_cut {
        value["cut"] = true.into();
    }
    value
}

fn of_variable(variable: &Variable) -> Value {
    let Variable { name, class, value, length } = variable;
    let mut told = json!({ "name": name, "type": class, "value": value });
    if let Some(length) = length {
        told["length"] = (*length).into();
    }
    told
}

/// How a board is.
pub(crate) fn state(state: &State) -> Value {
    let word = match state {
        State::Starting => "starting",
        State::Prompt => "prompt",
        State::Running(_) => "running",
        State::Busy => "busy",
        State::Gone => "gone",
    };
    match state {
        State::Running(Some(program)) => json!({ "state": word, "program": program }),
        _ => json!({ "state": word }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_and_what_is_none_is_answered_with_its_number() {
        let asked = read(r#"{"id":7,"do":"run","name":"a.py","source":"x"}"#).expect("a request");
        assert_eq!(asked.id, 7);
        assert!(matches!(asked.request, Request::Run { fresh: true, .. }));
        assert!(matches!(
            read(r#"{"id":1,"do":"write","path":"a","base64":"YQ=="}"#).expect("a request").request,
            Request::Write { content, .. } if content == b"a"
        ));
        for (bad, id) in [
            ("", Value::Null),
            ("{}", Value::Null),
            (r#"{"id":"x","do":"stop"}"#, Value::Null),
            (r#"{"id":3}"#, 3.into()),
            (r#"{"id":3,"do":"fly"}"#, 3.into()),
            (r#"{"id":3,"do":"read"}"#, 3.into()),
            (r#"{"id":3,"do":"write","path":"a","base64":"?"}"#, 3.into()),
            (r#"{"id":3,"do":"run","name":"a\nb","source":""}"#, 3.into()),
        ] {
            assert_eq!(read(bad).expect_err(bad).0, id, "{bad}");
        }
    }

    #[test]
    fn an_exception_comes_with_its_explanation() {
        let traceback = "Traceback (most recent call last):\n  File \"<stdin>\", line 3, in <module>\nNameError: name 'pin' isn't defined\n";
        let ended = Ended::Exception { traceback: traceback.into(), line: Some(3) };
        let told = of_ended(ended);
        assert_eq!((&told["line"], &told["ended"]), (&3.into(), &"exception".into()));
        assert!(told["explained"]["title"].as_str().is_some_and(|t| t.contains("pin")), "{told}");
    }

    #[test]
    fn a_board_that_is_busy_is_told_to_be_so() {
        let told = answer(&1.into(), Err(Error::Busy));
        assert!(told.contains("\"busy\":true") && told.contains("stop it first"), "{told}");
        assert!(!answer(&1.into(), Err(Error::Gone)).contains("busy"));
    }
}
