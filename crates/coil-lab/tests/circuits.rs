//! The files of boards' circuits: what is drawn is written, and what people wrote stays.

use coil_circuit::{Drawing, Drawn, Plan, Value};
use coil_lab::catalog;
use coil_lab::circuits::{CircuitError, Circuits};
use std::path::Path;

const HAND: &str = r#"# The lamp of the second lesson.

board = "wemos-d1-r32"   # ours
seed = 7
wires = [
    # the lamp
    ["D6", "r.a"],       # orange wire
    ["r.b", "led.anode"],
    # the button
    ["D8", "btn.a"],     # white wire
    ["GND", "btn.b", "led.cathode"],
]

# It limits.
[parts.r]
kind = "resistor"
ohms = 470    # yellow, violet, brown

# Parts to look at.

# It shines.
[parts.led]
kind = "led"
ohms = 0

[parts.btn]
kind = "button"

# How warm it is.
[parts.temp]
kind = "dht22"
pins = { data = "D2", vcc = ["3V3", "nc"] } # beside the window
temperature = 19.5
# The end.
"#;

struct Lab {
    dir: tempfile::TempDir,
    circuits: Circuits,
}

impl Lab {
    fn with(own: Option<&str>, base: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        if let Some(own) = own {
            std::fs::write(dir.path().join("board0.circuit.toml"), own).expect("written");
        }
        let mut circuits = Circuits::new(dir.path(), base.into(), None);
        circuits.add("board0", &catalog::device("wemos-d1-r32").expect("a device"));
        Self { dir, circuits }
    }

    fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("board0.circuit.toml")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).expect("it is there")
    }

    fn drawing(&self) -> Drawing {
        let told = self.circuits.tell("board0").expect("a board");
        assert_eq!(told.error, None);
        told.circuit
    }

    /// Writes a drawing over what there is, which must then be just that.
    fn draw(&self, drawing: &Drawing) -> String {
        let before = self.circuits.tell("board0").expect("a board").version;
        let version = self.circuits.write("board0", before.as_deref(), drawing);
        let version = version.unwrap_or_else(|e| panic!("{e}"));
        assert!(self.drawing().is_same(drawing), "{:#?}\n{}", self.drawing(), self.text());
        assert_eq!(self.circuits.look("board0").expect("a board"), Some(version));
        self.text()
    }
}

fn plan(text: &str) -> Plan {
    let device = catalog::device("wemos-d1-r32").expect("a device");
    Plan::read(text, &device).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

fn wire(a: &str, b: &str) -> [String; 2] {
    [a.into(), b.into()]
}

fn part(kind: &str) -> Drawn {
    Drawn { kind: kind.into(), at: None, turned: 0, settings: Default::default() }
}

#[test]
fn a_hand_written_file_is_drawn_with_all_its_wires() {
    let drawing = Lab::with(Some(HAND), "").drawing();
    let wires = [
        ("D6", "r.a"),
        ("r.b", "led.anode"),
        ("D8", "btn.a"),
        ("GND", "btn.b"),
        ("GND", "led.cathode"),
        ("temp.data", "D2"),
        ("temp.vcc", "3V3"),
    ];
    assert_eq!(drawing.wires, wires.map(|(a, b)| wire(a, b)));
    assert_eq!(drawing.parts["r"].settings["ohms"], Value::Int(470));
    // The same said otherwise.
    let other = "wires = [[27, 'x.A'], ['IO12', 'GPIO14', 'nc'], ['GPIO32', 'VIN'], ['nc', 'y.vcc'], ['D6', 'x.a'], ['x.b']]
[parts]
x = { kind = 'resistor' }
y.kind = 'dht11'
y.pins.gnd = []
y.pins.data = 0
";
    let drawing = Lab::with(Some(other), "").drawing();
    let wires = [
        ("D6", "x.a"),
        ("D8", "D7"),
        ("GPIO32", "5V"),
        ("y.vcc", "nc"),
        ("x.b", "nc"),
        ("y.data", "GPIO0"),
        ("y.gnd", "nc"),
    ];
    assert_eq!(drawing.wires, wires.map(|(a, b)| wire(a, b)));
}

#[test]
fn a_drawing_that_is_the_same_changes_nothing_in_the_file() {
    for text in [
        HAND,
        "",
        "# nothing yet\n",
        "wires = [['D6', 'D7']]",
        "parts.a.kind = 'led'\n",
        "parts = { a = { kind = 'led', pins = { anode = 27 } } }\n",
        "[parts.a]\nkind = 'led'\nturned = 0\nat = [1.0, 2.001]\n[parts.a.pins]\nanode = 'D6' # here\n",
    ] {
        let lab = Lab::with(Some(text), "");
        let written = lab.draw(&lab.drawing());
        let expected = if text.is_empty() || text.starts_with("# nothing") {
            format!("{text}board = \"wemos-d1-r32\"\n")
        } else {
            text.to_owned()
        };
        assert_eq!(written.trim_end(), expected.trim_end());
        assert!(plan(&written).is_same(&plan(text)));
    }
}

#[test]
fn what_is_drawn_is_written_and_what_people_wrote_stays() {
    let lab = Lab::with(Some(HAND), "");
    let mut drawing = lab.drawing();
    drawing.parts.get_mut("led").expect("there").at = Some([12.5, -3.0]);
    drawing.parts.get_mut("r").expect("there").settings.insert("ohms".into(), Value::Int(330));
    drawing.parts.insert("pot".into(), part("potentiometer"));
    drawing.wires.retain(|w| !w[0].starts_with("r.b") && w[1] != "led.cathode" && w[1] != "3V3");
    drawing.wires.push(wire("A2", "pot.wiper"));
    let text = lab.draw(&drawing);
    let expected = HAND
        .replace("    [\"r.b\", \"led.anode\"],\n", "")
        .replace(
            "    [\"GND\", \"btn.b\", \"led.cathode\"],\n",
            "    [\"GND\", \"btn.b\"],\n    [\"A2\", \"pot.wiper\"],\n",
        )
        .replace("ohms = 470 ", "ohms = 330 ")
        .replace("ohms = 0\n", "ohms = 0\nat = [12.5, -3]\n")
        .replace(", vcc = [\"3V3\", \"nc\"]", "")
        .replace("# The end.", "\n[parts.pot]\nkind = \"potentiometer\"\n# The end.");
    assert_eq!(text, expected);
    // And back again.
    drawing.parts.remove("pot");
    drawing.wires.pop();
    let text = lab.draw(&drawing);
    assert!(text.contains("# The end.") && !text.contains("pot"), "{text}");
}

#[test]
fn what_was_written_about_a_part_goes_with_it_and_nothing_else() {
    let lab = Lab::with(Some(HAND), "");
    let mut drawing = lab.drawing();
    for name in ["r", "led"] {
        drawing.parts.remove(name);
        let is_its = |end: &String| end.starts_with(&format!("{name}."));
        drawing.wires.retain(|w| !w.iter().any(is_its));
    }
    let text = lab.draw(&drawing);
    for kept in [
        "# The lamp of",
        "# ours",
        "# the lamp",
        "# the button",
        "# white wire",
        "# Parts to look at",
        "# beside the window",
        "# The end.",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    for gone in ["orange", "limits", "shines", "yellow"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    lab.draw(&Drawing::default());
    let text = lab.text();
    assert!(text.contains("# The lamp of") && text.contains("# Parts to look at"), "{text}");
}

#[test]
fn a_first_file_is_made_and_a_board_without_one_begins_with_what_all_have() {
    let lab = Lab::with(None, "# for all\n[parts.led]\nkind = \"led\"\n");
    let told = lab.circuits.tell("board0").expect("a board");
    assert_eq!((told.version, told.circuit.parts.len()), (None, 1));
    let mut drawing = told.circuit;
    drawing.wires.push(wire("D6", "led.anode"));
    let text = lab.draw(&drawing);
    let expected =
        "wires = [\n    [\"D6\", \"led.anode\"],\n]\n\n# for all\n[parts.led]\nkind = \"led\"\n";
    assert_eq!(text, expected);
    let lab = Lab::with(None, "");
    let text = lab.draw(&drawing);
    let expected = "board = \"wemos-d1-r32\"\nwires = [\n    [\"D6\", \"led.anode\"],\n]\n\n[parts.led]\nkind = \"led\"\n";
    assert_eq!(text, expected);
    let headed = Lab::with(Some("# The lamp.\n\n# It shines.\n[parts.led]\nkind = \"led\"\n"), "");
    let text = headed.draw(&drawing);
    let expected = "# The lamp.\n\nwires = [\n    [\"D6\", \"led.anode\"],\n]\n\n# It shines.\n[parts.led]\nkind = \"led\"\n";
    assert_eq!(text, expected);
}

#[test]
fn whoever_has_read_something_else_is_refused_and_so_is_what_cannot_be() {
    let lab = Lab::with(None, "");
    let led = Drawing { parts: [("led".into(), part("led"))].into(), ..Drawing::default() };
    let first = lab.circuits.write("board0", None, &led).expect("written");
    let again = lab.circuits.write("board0", None, &Drawing::default());
    assert!(matches!(again, Err(CircuitError::Changed(Some(v))) if v == first));
    let short = Drawing { wires: vec![wire("3V3", "GND")], ..led.clone() };
    let refused = lab.circuits.write("board0", Some(&first), &short);
    let error = refused.map_err(|e| e.to_string());
    assert!(
        error.as_ref().is_err_and(|e| e.contains("3V3 and GND are wired together")),
        "{error:?}"
    );
    assert_eq!(lab.drawing(), led);
    // Another editor.
    std::fs::write(lab.path(), "").expect("written");
    let late = lab.circuits.write("board0", Some(&first), &led);
    assert!(matches!(late, Err(CircuitError::Changed(Some(_)))));
    let none = lab.circuits.write("board1", None, &led);
    assert!(matches!(none, Err(CircuitError::NoBoard(_))));
}

#[test]
fn a_file_that_cannot_be_is_told_in_words_and_kept_when_it_is_written_over() {
    let long = format!("# {}\n", "x".repeat(256 * 1024));
    let bad: [(&[u8], &str); 6] = [
        (b"[parts.led]\nkind = 'lad'\n", "there is no kind `lad`"),
        (b"wires = [", "TOML"),
        (b"board = 'esp32-devkitc'\n", "it is for the board `esp32-devkitc`"),
        (b"\xff", "no UTF-8"),
        (b"seed = -1", "seed"),
        (long.as_bytes(), "262144 at most"),
    ];
    for (text, why) in bad {
        let lab = Lab::with(None, "");
        std::fs::write(lab.path(), text).expect("written");
        let told = lab.circuits.tell("board0").expect("a board");
        assert!(told.error.as_ref().is_some_and(|e| e.contains(why)), "{why}: {:?}", told.error);
        assert_eq!(told.circuit, Drawing::default());
        lab.draw(&Drawing::default());
        let old = std::fs::read(lab.dir.path().join("board0.circuit.toml.old")).expect("kept");
        assert_eq!(old, text);
    }
    // A folder or a pipe is nothing to wait for.
    let lab = Lab::with(None, "");
    std::fs::create_dir(lab.path()).expect("made");
    assert!(lab.circuits.tell("board0").expect("a board").error.is_some());
    assert!(lab.circuits.write("board0", None, &Drawing::default()).is_err());
    std::fs::remove_dir(lab.path()).expect("removed");
    assert_eq!(lab.circuits.tell("board0").expect("a board").error, None);
}

#[test]
fn a_link_is_written_where_it_leads() {
    let lab = Lab::with(None, "");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file: &Path = &elsewhere.path().join("mine.toml");
    std::fs::write(file, "# mine\n").expect("written");
    std::os::unix::fs::symlink(file, lab.path()).expect("a link");
    lab.draw(&Drawing { parts: [("led".into(), part("led"))].into(), ..Drawing::default() });
    let text = std::fs::read_to_string(file).expect("there");
    assert!(text.starts_with("# mine\n") && text.contains("[parts.led]"), "{text}");
}
