//! Files of virtual boards of every firmware, through a session.

use crate::support::{FIRMWARES, Spoken};
use coil_link::host::{Entry, Error, Request};

#[test]
fn files_are_written_listed_read_renamed_and_removed_on_every_firmware() {
    for firmware in FIRMWARES {
        let board = Spoken::start(firmware, &[("boot.py", "# boot\n")]);
        let all: Vec<u8> = (0..=255).cycle().take(5000).collect();
        board.done(Request::MakeFolder { path: "/data".into() });
        board.write("/data/all.bin", &all);
        board.write("/data/empty", b"");
        assert_eq!(board.read("/data/all.bin"), all, "{firmware}");
        assert_eq!(board.read("data/empty"), b"", "{firmware}");
        let listing = board.files();
        let has = |path: &str, size| listing.files.contains(&Entry { path: path.into(), size });
        assert!(has("/data", None) && has("/data/all.bin", Some(5000)), "{firmware}: {listing:?}");
        assert!(has("/boot.py", Some(7)) && has("/data/empty", Some(0)), "{firmware}: {listing:?}");
        assert!(!listing.is_cut && listing.free > 0 && listing.free < listing.total, "{listing:?}");
        assert!(listing.files.iter().all(|f| !f.path.contains("coil-part")), "{listing:?}");
        board.write("/data/all.bin", b"new");
        assert_eq!(board.read("/data/all.bin"), b"new", "{firmware}: it is replaced");
        board.done(Request::Rename { from: "/data/all.bin".into(), to: "/it's new.txt".into() });
        assert_eq!(board.read("/it's new.txt"), b"new", "{firmware}");
        board.done(Request::Remove { path: "/it's new.txt".into() });
        board.done(Request::MakeFolder { path: "/data/deep".into() });
        board.write("/data/deep/a", b"a");
        board.done(Request::Remove { path: "/data".into() });
        assert!(!board.files().files.iter().any(|f| f.path.starts_with("/data")), "{firmware}");
    }
}

#[test]
fn what_cannot_be_done_is_told_and_nothing_is_left_of_it() {
    for firmware in FIRMWARES {
        let mut board = Spoken::start(firmware, &[("a.py", "old")]);
        board.rest();
        let refused = |request: Request| board.ask(request).expect_err("it is refused");
        let read = refused(Request::Read { path: "/none".into() });
        assert!(matches!(read, Error::NotThere(_)), "{firmware}: {read:?}");
        let write = refused(Request::Write { path: "/none/x".into(), content: vec![1] });
        assert!(matches!(write, Error::NotThere(_)), "{firmware}: {write:?}");
        let rename = refused(Request::Rename { from: "/none".into(), to: "/x".into() });
        assert!(matches!(rename, Error::NotThere(_)), "{firmware}: {rename:?}");
        let remove = refused(Request::Remove { path: "/none".into() });
        assert!(matches!(remove, Error::NotThere(_)), "{firmware}: {remove:?}");
        assert_eq!(board.rest(), "", "{firmware}: nothing of it is shown");
        board.files();
    }
}

#[test]
fn a_flash_that_is_full_keeps_the_old_file() {
    let board = Spoken::start("current", &[("a.py", "old")]);
    let free = board.files().free as usize;
    let content = vec![9; free + 4096];
    assert!(content.len() <= coil_link::host::FILE_MAX, "{free}");
    let full = board.ask(Request::Write { path: "/a.py".into(), content });
    assert!(matches!(full, Err(Error::Full)), "{full:?}");
    assert_eq!(board.read("/a.py"), b"old");
    let listing = board.files();
    assert!(listing.files.iter().all(|f| !f.path.contains("coil-part")), "{listing:?}");
    assert!(listing.free + 8192 >= free as u64, "{listing:?}");
}
