//! A drawing written into the text of a `circuit.toml`: what people wrote there, its order and its comments, stays.
//!
//! What the file says of wires, in `wires` or in the `pins` of parts, stays where it is as long as all of it is drawn.

use coil_board::Device;
use coil_circuit::{Draft, Drawing, Drawn, EndNames, Plan, PlanError, Value};
use std::collections::BTreeSet;
use toml_edit::{Array, DocumentMut, Item, Key, RawString, Table, TableLike};

/// Where elements of an array stand that has lines.
const INDENT: &str = "    ";
/// What a part's table has beside its settings.
const NO_SETTINGS: [&str; 4] = ["kind", "pins", "at", "turned"];

/// The text with this drawing instead of what it says. The drawing has the names that [`Drawing::of`] gives.
///
/// # Errors
/// If the text says nothing that can be drawn for this board.
pub(super) fn write(text: &str, drawing: &Drawing, device: &Device) -> Result<String, PlanError> {
    let draft = Plan::draft(text)?;
    let mut doc: DocumentMut = text.parse().map_err(|e| PlanError::Toml(format!("{e}")))?;
    if doc.is_empty() {
        put_first(&mut doc, "board", device.name.as_str().into());
    }
    let undrawn = keep_wires(&mut doc, drawing, &draft, device)?;
    let gone: Vec<String> = parts(&mut doc)
        .map(|t| t.iter().map(|(name, _)| name.to_owned()).collect())
        .unwrap_or_default();
    for name in gone.iter().filter(|name| !drawing.parts.contains_key(*name)) {
        remove_part(&mut doc, name);
    }
    for (name, drawn) in &drawing.parts {
        put_part(&mut doc, name, drawn);
    }
    if !undrawn.is_empty() {
        let wires = wires(&mut doc);
        undrawn
            .iter()
            .for_each(|[a, b]| push(wires, [a.as_str(), b.as_str()].into_iter().collect()));
    }
    Ok(doc.to_string())
}

/// Two ends in the order that does not matter.
type Pair = (String, String);

fn pair([a, b]: &[String; 2]) -> Pair {
    if a < b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) }
}

/// Keeps what a file says of wires, as far as it is drawn; what is drawn beside that.
fn keep_wires(
    doc: &mut DocumentMut,
    drawing: &Drawing,
    draft: &Draft,
    device: &Device,
) -> Result<Vec<[String; 2]>, PlanError> {
    let names = EndNames::of(draft, device)?;
    let mut left: BTreeSet<Pair> = drawing.wires.iter().map(pair).collect();
    let wanted = left.clone();
    let mut keep = |ends: &[String]| {
        let pairs: BTreeSet<Pair> =
            names.pairs(ends.iter().map(String::as_str))?.iter().map(pair).collect();
        let is_drawn = pairs.is_subset(&wanted);
        if is_drawn {
            left.retain(|p| !pairs.contains(p));
        }
        Ok(is_drawn)
    };
    if let Some(wires) = doc.get_mut("wires").and_then(Item::as_array_mut) {
        let mut at = 0;
        while let Some(wire) = wires.get(at) {
            if keep(&ends(wire))? {
                at += 1;
            } else {
                remove(wires, at);
            }
        }
    }
    for (name, part) in parts(doc).into_iter().flat_map(|t| t.iter_mut()) {
        if let Some(part) = part.as_table_like_mut() {
            keep_pins(part, name.get(), &mut keep)?;
        }
    }
    let is_left = |wire: &&[String; 2]| left.contains(&pair(wire));
    Ok(drawing.wires.iter().filter(is_left).cloned().collect())
}

/// The same of the pins of a part.
fn keep_pins(
    part: &mut dyn TableLike,
    name: &str,
    keep: &mut impl FnMut(&[String]) -> Result<bool, PlanError>,
) -> Result<(), PlanError> {
    let Some(pins) = part.get_mut("pins").and_then(Item::as_table_like_mut) else { return Ok(()) };
    let mut gone = Vec::new();
    for (pin, to) in pins.iter() {
        let own = format!("{name}.{pin}");
        let to = to.as_value().map(ends).unwrap_or_default();
        let wire: Vec<String> = std::iter::once(own).chain(to).collect();
        if !keep(&wire)? {
            gone.push(pin.to_owned());
        }
    }
    let is_shorter = !gone.is_empty();
    for pin in gone {
        pins.remove(&pin);
    }
    if pins.is_empty() {
        part.remove("pins");
    } else if is_shorter
        && let Some(pins) = part.get_mut("pins").and_then(Item::as_inline_table_mut)
    {
        pad(pins);
    }
    Ok(())
}

/// The space before the closing brace, where it has gone with what stood there.
fn pad(table: &mut toml_edit::InlineTable) {
    if let Some((_, last)) = table.iter_mut().last()
        && text(last.decor().suffix()).is_empty()
    {
        last.decor_mut().set_suffix(" ");
    }
}

/// The ends that a value says: one, or an array of them.
fn ends(value: &toml_edit::Value) -> Vec<String> {
    match value {
        toml_edit::Value::Array(array) => array.iter().flat_map(ends).collect(),
        toml_edit::Value::String(name) => vec![name.value().clone()],
        toml_edit::Value::Integer(gpio) => vec![gpio.value().to_string()],
        _ => Vec::new(),
    }
}

/// The table of parts, if there is one.
fn parts(doc: &mut DocumentMut) -> Option<&mut dyn TableLike> {
    doc.get_mut("parts").and_then(Item::as_table_like_mut)
}

/// The array of wires, which is made where there is none.
fn wires(doc: &mut DocumentMut) -> &mut Array {
    if !doc.contains_key("wires") {
        put_first(doc, "wires", Array::new().into());
    }
    let wires = doc.entry("wires").or_insert_with(|| Array::new().into());
    if wires.as_array().is_none() {
        *wires = Array::new().into();
    }
    wires.as_array_mut().expect("it was just made")
}

/// Puts a value before the tables. If it is the first one, it comes after what heads the file.
fn put_first(doc: &mut DocumentMut, name: &str, value: toml_edit::Value) {
    let is_first = doc.as_table().get_values().is_empty();
    let mut head = String::new();
    if is_first && let Some(table) = tables(doc).into_iter().min_by_key(|t| t.position()) {
        let prefix = text(table.decor().prefix()).to_owned();
        let (heading, own) = prefix.split_at(paragraph(&prefix));
        head.push_str(heading);
        let own = if own.starts_with('\n') { own.to_owned() } else { format!("\n{own}") };
        table.decor_mut().set_prefix(own);
    } else if is_first {
        head = text(Some(doc.trailing())).to_owned();
        if !head.is_empty() && !head.ends_with('\n') {
            head.push('\n');
        }
        doc.set_trailing("");
    }
    let mut key = Key::new(name);
    key.leaf_decor_mut().set_prefix(head);
    doc.as_table_mut().insert_formatted(&key, Item::Value(value));
}

/// Where the last paragraph of what stands before a table begins: that one is about the table, others are not.
fn paragraph(prefix: &str) -> usize {
    let own = prefix.rfind("\n\n").map_or(0, |at| at + 2);
    if prefix[..own].contains('#') { own } else { 0 }
}

/// All tables with a heading of their own.
fn tables(doc: &mut DocumentMut) -> Vec<&mut Table> {
    let mut all = Vec::new();
    let mut left: Vec<&mut Table> =
        doc.iter_mut().filter_map(|(_, item)| item.as_table_mut()).collect();
    while let Some(table) = left.pop() {
        if table.is_dotted() || table.is_implicit() && table.get_values().is_empty() {
            left.extend(table.iter_mut().filter_map(|(_, item)| item.as_table_mut()));
        } else {
            all.push(table);
        }
    }
    all
}

fn text(raw: Option<&RawString>) -> &str {
    raw.and_then(RawString::as_str).unwrap_or_default()
}

/// A part that is not drawn goes, and so does what was written right above it.
fn remove_part(doc: &mut DocumentMut, name: &str) {
    let removed = parts(doc).and_then(|t| t.remove(name));
    let Some(table) = removed.as_ref().and_then(Item::as_table) else { return };
    let prefix = text(table.decor().prefix());
    let heading = prefix[..paragraph(prefix)].to_owned();
    let at = table.position();
    if heading.is_empty() {
        return;
    }
    let next = tables(doc).into_iter().filter(|t| t.position() > at).min_by_key(|t| t.position());
    match next {
        Some(next) => {
            let own = format!("{heading}{}", text(next.decor().prefix()).trim_start_matches('\n'));
            next.decor_mut().set_prefix(own);
        }
        None => {
            let trailing = format!("{heading}{}", text(Some(doc.trailing())));
            doc.set_trailing(trailing);
        }
    }
}

/// Writes down what a part is, where it is drawn and what it is set to.
fn put_part(doc: &mut DocumentMut, name: &str, drawn: &Drawn) {
    let parts = doc.entry("parts").or_insert_with(|| {
        let mut parts = Table::new();
        parts.set_implicit(true);
        Item::Table(parts)
    });
    let is_inline = parts.is_inline_table();
    let Some(parts) = parts.as_table_like_mut() else { return };
    if parts.get(name).and_then(Item::as_table_like).is_none() {
        let new =
            if is_inline { toml_edit::InlineTable::new().into() } else { Table::new().into() };
        parts.insert(name, new);
    }
    let Some(part) = parts.get_mut(name).and_then(Item::as_table_like_mut) else { return };
    let gone: Vec<String> = part.iter().map(|(key, _)| key.to_owned()).collect();
    let is_gone =
        |key: &&String| !NO_SETTINGS.contains(&key.as_str()) && !drawn.settings.contains_key(*key);
    for key in gone.iter().filter(is_gone) {
        part.remove(key);
    }
    set(part, "kind", &Value::Text(drawn.kind.clone()));
    for (name, value) in &drawn.settings {
        set(part, name, value);
    }
    place(part, drawn);
}

/// Where a part is drawn. What says the same already stays as it is written.
fn place(part: &mut dyn TableLike, drawn: &Drawn) {
    let number = |v: &toml_edit::Value| v.as_float().or_else(|| v.as_integer().map(|i| i as f64));
    let is_there =
        part.get("at").and_then(Item::as_array).map(|at| at.iter().filter_map(number).collect());
    match drawn.at {
        None => {
            part.remove("at");
        }
        Some(at) if is_there.as_ref().is_some_and(|there: &Vec<f64>| near(there, at)) => {}
        Some(at) => {
            let at: Array = at.into_iter().map(millimetres).collect();
            replace(part, "at", at.into());
        }
    }
    if drawn.turned == 0 && part.get("turned").and_then(Item::as_integer) != Some(0) {
        part.remove("turned");
    } else {
        set(part, "turned", &Value::Int(drawn.turned));
    }
}

/// Whether what is written is drawn there: drawings are less fine than files may be.
fn near(there: &[f64], at: [f64; 2]) -> bool {
    there.len() == at.len() && there.iter().zip(at).all(|(a, b)| (a - b).abs() <= 0.005)
}

/// A number as people write it: whole ones without a point.
fn millimetres(mm: f64) -> toml_edit::Value {
    if mm.fract() == 0.0 { (mm as i64).into() } else { mm.into() }
}

/// Sets a value, unless it is that already.
fn set(part: &mut dyn TableLike, name: &str, value: &Value) {
    let is_it = |there: &toml_edit::Value| match (there, value) {
        (toml_edit::Value::String(a), Value::Text(b)) => a.value() == b,
        (toml_edit::Value::Boolean(a), Value::Bool(b)) => a.value() == b,
        (toml_edit::Value::Integer(a), Value::Int(b)) => a.value() == b,
        (toml_edit::Value::Float(a), Value::Number(b)) => a.value() == b,
        _ => false,
    };
    if !part.get(name).and_then(Item::as_value).is_some_and(is_it) {
        let value = match value {
            Value::Bool(b) => (*b).into(),
            Value::Int(i) => (*i).into(),
            Value::Number(n) => (*n).into(),
            Value::Text(t) => t.as_str().into(),
            Value::Bytes(_) => value.to_string().into(),
        };
        replace(part, name, value);
    }
}

/// Puts another value in the place of one, with the comment that stands behind it.
fn replace(part: &mut dyn TableLike, name: &str, mut value: toml_edit::Value) {
    match part.get_mut(name).and_then(Item::as_value_mut) {
        Some(there) => {
            *value.decor_mut() = there.decor().clone();
            *there = value;
        }
        None => {
            part.insert(name, Item::Value(value));
        }
    }
}

/// Puts an element at the end of an array, on a line of its own.
fn push(array: &mut Array, mut value: toml_edit::Value) {
    let has_lines = |raw: Option<&RawString>| text(raw).contains('\n');
    let is_broken =
        array.iter().any(|v| has_lines(v.decor().prefix())) || has_lines(Some(array.trailing()));
    let first = array.get(0).map(|v| text(v.decor().prefix()).to_owned());
    let indent = first.as_deref().and_then(|p| p.rsplit_once('\n')).map_or(INDENT, |p| p.1);
    if !is_broken {
        array.iter_mut().for_each(|v| v.decor_mut().set_prefix(format!("\n{INDENT}")));
    }
    let mut before = String::new();
    if let Some(last) = array.iter_mut().last() {
        before.push_str(text(last.decor().suffix()));
        last.decor_mut().set_suffix("");
    }
    before.push_str(text(Some(array.trailing())));
    value.decor_mut().set_prefix(format!("{}\n{indent}", before.trim_end()));
    value.decor_mut().set_suffix("");
    array.push_formatted(value);
    array.set_trailing("\n");
    array.set_trailing_comma(true);
}

/// Takes an element out of an array, with the comment on its line. Those above it stay.
fn remove(array: &mut Array, at: usize) {
    let above = text(array.get(at).and_then(|v| v.decor().prefix())).trim_end().to_owned();
    array.remove(at);
    let behind = |of: &str| of.find('\n').map_or_else(String::new, |line| of[line..].to_owned());
    if let Some(next) = array.get_mut(at) {
        let prefix = text(next.decor().prefix()).to_owned();
        if prefix.contains('\n') || !above.is_empty() {
            next.decor_mut().set_prefix(format!("{above}{}", behind(&prefix)));
        }
    } else {
        let trailing = text(Some(array.trailing())).to_owned();
        let mut rest = format!("{above}{}", behind(&trailing));
        if rest.contains('#') && !rest.ends_with('\n') {
            rest.push('\n');
        }
        array.set_trailing(rest);
    }
}
