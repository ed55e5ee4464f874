//! Seats and keys on a terminal, in a spreadsheet, and on paper. Names can come from anyone: none becomes a control sequence, a
//! formula or markup.

use anyhow::{Context, Result};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;

/// A seat: its device, and the key that opens it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Seat {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) key: Option<String>,
    /// Whether the key can be told from the name.
    #[serde(default)]
    pub(super) guessable: bool,
}

/// A key that only reads.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Reader {
    pub(super) name: String,
    pub(super) key: String,
}

const NO_KEY: &str = "(none)";
const GUESSABLE: &str = "Keys marked `guessable` are the MD5 of their names: who knows the name knows the key. `coil keys rotate` gives others.";

/// Text without anything that a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

/// A row for each, in columns.
pub(super) fn table(seats: &[Seat], readers: &[Reader]) -> String {
    if seats.is_empty() && readers.is_empty() {
        return "No seats and no keys yet; `coil keys make 12` makes some.\n".to_owned();
    }
    let mut rows = vec![["SEAT", "DEVICE", "KEY", ""].map(str::to_owned)];
    for seat in seats {
        let key = seat.key.clone().unwrap_or_else(|| NO_KEY.to_owned());
        let note = if seat.guessable { "guessable" } else { "" };
        rows.push([plain(&seat.name), plain(&seat.id), key, note.to_owned()]);
    }
    for reader in readers {
        let note = "read only".to_owned();
        rows.push([plain(&reader.name), "(all)".to_owned(), reader.key.clone(), note]);
    }
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for [name, id, key, note] in &rows {
        let [of_name, of_id, of_key] = widths;
        let row = format!("{name:of_name$}  {id:of_id$}  {key:of_key$}  {note}");
        text.push_str(row.trim_end());
        text.push('\n');
    }
    if seats.iter().any(|seat| seat.guessable) {
        text.push_str(&format!("\n{GUESSABLE}\n"));
    }
    text
}

/// A cell that a spreadsheet reads as text.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

/// The same with commas (RFC 4180).
pub(super) fn csv(seats: &[Seat], readers: &[Reader]) -> String {
    let mut text = "seat,device,key,note\r\n".to_owned();
    let mut add = |name: &str, id: &str, key: &str, note: &str| {
        text.push_str(&format!("{},{},{key},{note}\r\n", cell(name), cell(id)));
    };
    for seat in seats {
        let note = if seat.guessable { "guessable" } else { "" };
        add(&seat.name, &seat.id, seat.key.as_deref().unwrap_or_default(), note);
    }
    for reader in readers {
        add(&reader.name, "", &reader.key, "read only");
    }
    text
}

fn escape(text: &str) -> String {
    let replaced = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    replaced.replace('"', "&quot;").replace('\'', "&#39;")
}

const STYLE: &str = "@page{size:A4;margin:10mm}body{margin:0;font:12px/1.4 system-ui,sans-serif;color:#111}\
main{display:grid;grid-template-columns:repeat(2,1fr)}\
article{border:1px dashed #999;padding:5mm;display:flex;gap:5mm;break-inside:avoid;align-items:center}\
article svg{width:28mm;height:28mm;flex:none}h2{margin:0 0 2mm;font-size:20px;overflow-wrap:anywhere}\
dl{margin:0}dt{color:#666;font-size:10px}dd{margin:0 0 1mm;font:11px ui-monospace,monospace;overflow-wrap:anywhere}\
p{margin:1mm 0 0;font-size:10px}.note{padding:3mm 5mm;font-size:12px}";

/// What the code says: lines for a program on the board, or the key alone.
fn card(name: &str, device: Option<&str>, key: &str, note: &str) -> Result<String> {
    let said = match device {
        Some(id) => format!("DEVICE = \"{id}\"\nKEY = \"{key}\"\n"),
        None => key.to_owned(),
    };
    let code = QrCode::new(said.as_bytes()).with_context(|| format!("no code for `{name}`"))?;
    let svg = code.render::<svg::Color<'_>>().quiet_zone(false).build();
    // What stands before the element is for files of their own.
    let svg = svg.split_once("?>").map_or(svg.as_str(), |(_, element)| element);
    let device = device.map(|id| format!("<dt>device<dd>{}", escape(id))).unwrap_or_default();
    Ok(format!(
        "<article>{svg}<div><h2>{}</h2><dl>{device}<dt>key<dd>{}</dl><p>{note}</div></article>\n",
        escape(name),
        escape(key)
    ))
}

/// A page to print and to cut up: a card for each who has a key.
pub(super) fn sheet(seats: &[Seat], readers: &[Reader]) -> Result<String> {
    let mut cards = String::new();
    for seat in seats {
        let Some(key) = &seat.key else { continue };
        let note = if seat.guessable { "This key can be guessed from the name." } else { "" };
        cards.push_str(&card(&seat.name, Some(&seat.id), key, note)?);
    }
    for reader in readers {
        cards.push_str(&card(
            &reader.name,
            None,
            &reader.key,
            "Reads everything, changes nothing.",
        )?);
    }
    let empty = "<p class=note>No seats and no keys yet.";
    let cards = if cards.is_empty() { empty } else { &cards };
    Ok(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Keys of the workshop</title>\
         <style>{STYLE}</style><main>\n{cards}</main></html>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats() -> Vec<Seat> {
        let seat = |name: &str, key: Option<&str>, guessable| Seat {
            name: name.to_owned(),
            id: "0123".to_owned(),
            key: key.map(str::to_owned),
            guessable,
        };
        vec![
            seat("device00", Some("abcd"), true),
            seat("=HYPERLINK(\"http://a\")", Some("ef"), false),
            seat("\x1b[31m<b>", None, false),
        ]
    }

    fn readers() -> Vec<Reader> {
        vec![Reader { name: "projector".to_owned(), key: "99".to_owned() }]
    }

    #[test]
    fn a_table_is_in_columns_and_says_which_keys_can_be_guessed() {
        let text = table(&seats(), &readers());
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[1], "device00                0123    abcd    guessable");
        assert_eq!(rows[3], "\u{fffd}[31m<b>                0123    (none)");
        assert_eq!(rows[4], "projector               (all)   99      read only");
        assert!(text.contains("who knows the name knows the key"), "{text}");
        assert!(table(&[], &[]).contains("coil keys make"));
    }

    #[test]
    fn a_spreadsheet_gets_no_formula() {
        assert_eq!(
            csv(&seats(), &readers()),
            "seat,device,key,note\r\ndevice00,0123,abcd,guessable\r\n\
             \"'=HYPERLINK(\"\"http://a\"\")\",0123,ef,\r\n\u{1b}[31m<b>,0123,,\r\n\
             projector,,99,read only\r\n"
        );
    }

    #[test]
    fn a_sheet_has_a_card_for_each_key_and_no_markup_from_names() {
        let page = sheet(&seats(), &readers()).expect("codes have room");
        assert_eq!(page.matches("<article>").count(), 3);
        assert_eq!(page.matches("<svg").count(), 3);
        assert!(!page.contains("<b>") && !page.contains("<?xml"));
    }
}
