//! What the system's list of serial ports says of a USB one: the folders, files and links that tools read
//! below `/sys/class/tty`, in the shape that the kernel gives them.

use std::path::{Path, PathBuf};

/// A chip between USB and a serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// USB vendor id.
    pub vid: u16,
    /// USB product id.
    pub pid: u16,
    /// Who made it, where it says so.
    pub manufacturer: Option<String>,
    /// What it is, where it says so.
    pub product: Option<String>,
    /// Its serial number, where it has one.
    pub serial: Option<String>,
}

/// One thing below `/sys/class/tty`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Folder(PathBuf),
    File(PathBuf, String),
    /// A link, and what it says.
    Link(PathBuf, PathBuf),
}

/// Where the devices are. In the kernel's own tree they are elsewhere, but nobody who follows links sees that.
pub(crate) const DEVICES: &str = ".usb";
/// The subsystem's folder. Its name is what tools look at.
const SUBSYSTEM: &str = "usb-serial";

/// What all ports share.
pub(crate) fn common() -> Vec<Entry> {
    let devices = Path::new(DEVICES);
    vec![Entry::Folder(devices.to_owned()), Entry::Folder(devices.join(SUBSYSTEM))]
}

/// What there is of the port with a name such as `ttyUSB0`, the `number`th on its hub; its device file has the number `device`.
pub(crate) fn port(name: &str, number: usize, device: (u64, u64), bridge: &Bridge) -> Vec<Entry> {
    let on_hub = format!("1-{}", number + 1);
    let usb = Path::new(DEVICES).join(&on_hub);
    let interface = usb.join(format!("{on_hub}:1.0"));
    let serial = interface.join(name);
    let class = serial.join("tty");
    let tty = class.join(name);
    let mut entries: Vec<Entry> =
        [&usb, &interface, &serial, &class, &tty].map(|p| Entry::Folder(p.clone())).into();
    let mut says = |folder: &Path, file: &str, text: String| {
        entries.push(Entry::File(folder.join(file), text + "\n"));
    };
    says(&usb, "idVendor", format!("{:04x}", bridge.vid));
    says(&usb, "idProduct", format!("{:04x}", bridge.pid));
    let texts = [
        ("manufacturer", &bridge.manufacturer),
        ("product", &bridge.product),
        ("serial", &bridge.serial),
    ];
    for (file, text) in texts {
        if let Some(text) = text {
            says(&usb, file, text.clone());
        }
    }
    says(&usb, "bNumInterfaces", " 1".into());
    says(&usb, "busnum", "1".into());
    says(&usb, "devnum", (number + 2).to_string());
    says(&interface, "bInterfaceNumber", "00".into());
    let (major, minor) = device;
    says(&tty, "dev", format!("{major}:{minor}"));
    says(&tty, "uevent", format!("MAJOR={major}\nMINOR={minor}\nDEVNAME={name}"));
    let mut leads = |at: PathBuf, to: PathBuf| entries.push(Entry::Link(at, to));
    leads(serial.join("subsystem"), Path::new("../../..").join(SUBSYSTEM));
    leads(tty.join("device"), Path::new("../..").to_owned());
    leads(name.into(), tty);
    entries
}

#[cfg(test)]
mod tests {
    use super::{Bridge, Entry, common, port};
    use std::path::Path;

    /// Makes entries in a folder.
    fn build(at: &Path, entries: &[Entry]) {
        for entry in entries {
            match entry {
                Entry::Folder(p) => std::fs::create_dir(at.join(p)).expect("its parent is there"),
                Entry::File(p, text) => std::fs::write(at.join(p), text).expect("written"),
                Entry::Link(p, to) => {
                    std::os::unix::fs::symlink(to, at.join(p)).expect("linked");
                }
            }
        }
    }

    #[test]
    fn tools_that_follow_the_links_of_a_port_find_its_usb_device() {
        let dir = tempfile::tempdir().expect("a folder");
        let bridge = Bridge {
            vid: 0x10c4,
            pid: 0xea60,
            manufacturer: Some("Silicon Labs".into()),
            product: None,
            serial: Some("0001".into()),
        };
        build(dir.path(), &common());
        build(dir.path(), &port("ttyUSB0", 0, (136, 4), &bridge));
        build(dir.path(), &port("ttyUSB7", 1, (136, 5), &bridge));
        for (name, on_hub, dev) in [("ttyUSB0", "1-1", "136:4\n"), ("ttyUSB7", "1-2", "136:5\n")] {
            // The way of pyserial and of the crate serialport.
            let tty = dir.path().join(name);
            let device = tty.join("device").canonicalize().expect("there");
            let subsystem = device.join("subsystem").canonicalize().expect("there");
            assert!(subsystem.ends_with("usb-serial"), "{subsystem:?}");
            let usb = device.parent().and_then(Path::parent).expect("deep enough");
            assert!(usb.ends_with(on_hub), "{usb:?}");
            let read = |file: &str| std::fs::read_to_string(usb.join(file)).ok();
            assert_eq!(read("idVendor").as_deref(), Some("10c4\n"));
            assert_eq!(read("idProduct").as_deref(), Some("ea60\n"));
            assert_eq!(read("manufacturer").as_deref(), Some("Silicon Labs\n"));
            assert_eq!((read("product"), read("serial").as_deref()), (None, Some("0001\n")));
            assert_eq!(std::fs::read_to_string(tty.join("dev")).expect("there"), dev);
        }
    }
}
