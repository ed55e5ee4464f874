//! Triggers: what is said when a device's values come to be what somebody waits for. It owns when one fires and what it says; who is
//! called and how is `callback`'s. It must not know how values arrive.

pub(crate) mod callback;

use serde_json::{Map, Value, json};

use crate::api::{Shape, any_figure, any_of, each_of_streams, request};
use crate::conditions::{self, Condition};
use crate::error::ApiError;
use crate::input::number_of;
use crate::store::devices::Device;
use crate::store::sql::{Notice, SqlError, Tx};
use crate::store::streams::{self, Stream};
use crate::store::triggers::{self, Frequency, Trigger};
use crate::store::{places, values};
use crate::time::Stamp;

/// Streams that one trigger looks at.
const MAX_CONDITIONS: usize = 16;

/// What has to hold for one stream, and what ends it.
#[derive(Debug, Clone, PartialEq)]
struct Rule {
    stream: String,
    condition: Condition,
    reset: Option<f64>,
    /// Whether the condition is one of large values, so that a small one resets it.
    is_above: bool,
}

impl Rule {
    fn parse(stream: &str, said: &Value) -> Result<Self, ApiError> {
        let invalid = || ApiError::invalid("conditions", "invalid");
        let mut tests = said.as_object().ok_or_else(invalid)?.clone();
        let reset = match tests.remove("reset") {
            None | Some(Value::Null) => None,
            Some(value) => Some(number_of(&value).ok_or_else(invalid)?),
        };
        // What is said as null is not said.
        tests.retain(|_, bound| !bound.is_null());
        let is_above = tests.contains_key("gt") || tests.contains_key("gte");
        if tests.is_empty() {
            return Err(invalid());
        }
        let condition = Condition::parse("conditions", &Value::Object(tests))?;
        Ok(Self { stream: stream.to_owned(), condition, reset, is_above })
    }

    /// Whether a value lets the trigger fire once more.
    fn is_reset_by(&self, value: &Value) -> bool {
        match (self.reset, number_of(value)) {
            (Some(reset), Some(number)) if self.is_above => number <= reset,
            (Some(reset), Some(number)) => number >= reset,
            (Some(_), None) => false,
            (None, _) => !self.condition.holds(Some(value)),
        }
    }
}

/// Reads what has to hold.
fn rules(conditions: &Map<String, Value>) -> Result<Vec<Rule>, ApiError> {
    if conditions.is_empty() || conditions.len() > MAX_CONDITIONS {
        return Err(ApiError::invalid("conditions", "invalid"));
    }
    conditions.iter().map(|(stream, said)| Rule::parse(stream, said)).collect()
}

/// What has to hold, as it is said: comparisons for each stream, at least one, and what resets.
pub(crate) fn shape() -> Shape {
    let mut tests = conditions::tests().to_vec();
    tests.push(("reset?", any_figure()));
    let with_one = (0..tests.len() - 1).map(|needed| {
        let mut tests = tests.clone();
        tests[needed].0 = tests[needed].0.trim_end_matches('?');
        request(&tests).closed()
    });
    each_of_streams(1, MAX_CONDITIONS, any_of(with_one).named("TriggerCondition"))
}

/// Checks what has to hold.
pub(crate) fn check(conditions: &Map<String, Value>) -> Result<(), ApiError> {
    rules(conditions).map(drop)
}

/// A value of a stream at a time.
struct Seen {
    value: Value,
    at: Stamp,
    unit: Option<String>,
}

impl Seen {
    fn latest(stream: &Stream) -> Option<Self> {
        let text = stream.value.as_ref()?;
        Some(Self {
            value: values::to_json(stream.kind, text),
            at: stream.latest_value_at?,
            unit: stream.unit_symbol.clone(),
        })
    }

    fn json(&self) -> Value {
        json!({ "value": self.value, "timestamp": self.at, "unit": self.unit })
    }
}

/// The triggers that look at one stream of a device while values are stored in it.
pub(crate) struct Watch<'a> {
    tx: &'a Tx,
    device: &'a Device,
    triggers: Vec<(Trigger, Vec<Rule>)>,
}

impl<'a> Watch<'a> {
    /// Those that are enabled.
    pub(crate) fn new(tx: &'a Tx, device: &'a Device, stream: &str) -> Result<Self, ApiError> {
        let mut watching = triggers::watching(tx, device)?;
        watching.retain(|one| one.settings.enabled && one.settings.conditions.contains_key(stream));
        let with_rules = watching.into_iter().map(|one| {
            let rules = rules(&one.settings.conditions)?;
            Ok((one, rules))
        });
        Ok(Self { tx, device, triggers: with_rules.collect::<Result<_, ApiError>>()? })
    }

    /// Looks at a value that has been stored.
    pub(crate) fn see(&mut self, stream: &Stream, at: Stamp, text: &str) -> Result<(), SqlError> {
        for (trigger, rules) in &mut self.triggers {
            let value = values::to_json(stream.kind, text);
            let seen = Seen { value, at, unit: stream.unit_symbol.clone() };
            step(self.tx, self.device, (trigger, rules), (&stream.name, seen))?;
        }
        Ok(())
    }
}

/// What one value does to one trigger.
fn step(
    tx: &Tx,
    device: &Device,
    (trigger, rules): (&mut Trigger, &[Rule]),
    (name, seen): (&str, Seen),
) -> Result<(), SqlError> {
    let was_fired = trigger.fired.contains(&device.seq);
    let of_stream = || rules.iter().filter(|rule| rule.stream == name);
    let is_reset = was_fired && of_stream().any(|rule| rule.is_reset_by(&seen.value));
    if is_reset {
        trigger.fired.retain(|seq| *seq != device.seq);
    }
    let at = seen.at;
    let may_fire = !was_fired || is_reset || trigger.settings.frequency == Frequency::Continuous;
    let held = if may_fire { holding(tx, device, trigger, rules, (name, seen))? } else { None };
    if let Some(values) = held {
        if !trigger.fired.contains(&device.seq) {
            trigger.fired.push(device.seq);
        }
        tx.notify(notice(tx, device, trigger, ("fired", values, at))?);
    }
    if was_fired != trigger.fired.contains(&device.seq) {
        triggers::set_fired(tx, trigger)?;
    }
    Ok(())
}

/// The values of all streams, if all conditions hold at once.
fn holding(
    tx: &Tx,
    device: &Device,
    trigger: &Trigger,
    rules: &[Rule],
    (name, seen): (&str, Seen),
) -> Result<Option<Map<String, Value>>, SqlError> {
    let mut values = Map::new();
    for rule in rules {
        let other;
        let one = if rule.stream == name {
            &seen
        } else {
            let stream = streams::find(tx, device.seq, &rule.stream)?;
            let Some(found) = stream.as_ref().and_then(Seen::latest) else { return Ok(None) };
            other = found;
            &other
        };
        let apart = seen.at.micros().abs_diff(one.at.micros()) as f64 / 1e6;
        let is_near = trigger.settings.timeframe.is_none_or(|seconds| apart <= seconds);
        if !is_near || !rule.condition.holds(Some(&one.value)) {
            return Ok(None);
        }
        values.insert(rule.stream.clone(), one.json());
    }
    Ok(Some(values))
}

/// What whoever is called hears.
fn notice(
    tx: &Tx,
    device: &Device,
    trigger: &Trigger,
    (event, values, at): (&str, Map<String, Value>, Stamp),
) -> Result<Notice, SqlError> {
    let settings = &trigger.settings;
    let mut said = json!({
        "event": event,
        "device": { "id": device.id, "name": device.name, "serial": device.serial },
        "trigger": trigger.name,
        "conditions": settings.conditions,
        "values": values,
        "timeframe": settings.timeframe,
        "custom_data": settings.custom_data,
        "timestamp": at,
    });
    if settings.send_location {
        said["location"] = places::latest(tx, device.seq)?.map(|place| place.json()).into();
    }
    let (device, to) = (device.id.clone(), settings.callback_url.clone());
    Ok(Notice { device, to, said: said.to_string() })
}

/// Calls as if the trigger had fired, with the values that there are.
pub(crate) fn test(tx: &Tx, device: &Device, trigger: &Trigger) -> Result<(), ApiError> {
    let mut values = Map::new();
    for name in trigger.settings.conditions.keys() {
        let stream = streams::find(tx, device.seq, name)?;
        if let Some(seen) = stream.as_ref().and_then(Seen::latest) {
            values.insert(name.clone(), seen.json());
        }
    }
    tx.notify(notice(tx, device, trigger, ("test", values, Stamp::now()))?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Rule;
    use serde_json::json;

    #[test]
    fn a_trigger_is_reset_where_its_condition_says_or_ends() {
        for (said, value, expected) in [
            (json!({"gt": 30, "reset": 28}), json!(29), false),
            (json!({"gt": 30, "reset": 28}), json!(28), true),
            (json!({"lte": 5, "reset": "7"}), json!(6.5), false),
            (json!({"lte": 5, "reset": "7"}), json!(7), true),
            (json!({"gt": 30}), json!(30.5), false),
            (json!({"gt": 30}), json!(30), true),
            (json!({"match": "open"}), json!("open"), false),
            (json!({"match": "open"}), json!("shut"), true),
            (json!({"gt": 30, "reset": 28}), json!("cold"), false),
            (json!({"gt": null, "lt": 5, "reset": 7}), json!(3), false),
            (json!({"gt": null, "lt": 5, "reset": 7}), json!(8), true),
        ] {
            let rule = Rule::parse("s", &said).expect("it is a rule");
            assert_eq!(rule.is_reset_by(&value), expected, "{said} {value}");
        }
        for bad in [
            json!({}),
            json!({"gt": null}),
            json!({"reset": 1}),
            json!({"gt": 1, "reset": "x"}),
            json!([1]),
        ] {
            assert!(Rule::parse("s", &bad).is_err(), "{bad}");
        }
    }
}
