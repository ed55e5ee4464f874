//! Files of mpy-cross, whole and broken: never a panic, never code that does not verify.
//!
//! The `.mpy` files beside the scripts were made from them by mpy-cross 1.29 without options.

use coil_mpy::{MpyError, Target, load};

const FILES: &[&[u8]] = &[
    include_bytes!("files/functions.mpy"),
    include_bytes!("files/blocks.mpy"),
    include_bytes!("files/data.mpy"),
];
const NO_ARCH: Target = Target { arch: 0 };

/// A small generator of numbers.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

#[test]
fn files_load_with_their_names() {
    let names: Vec<String> =
        FILES.iter().map(|f| load(f, NO_ARCH).expect("it is whole").file).collect();
    assert_eq!(names, ["functions.py", "blocks.py", "data.py"]);
}

#[test]
fn headers_that_do_not_fit_are_refused_in_the_reference_s_words() {
    let error = |bytes: &[u8], arch| load(bytes, Target { arch }).expect_err("it does not fit");
    for bytes in
        [&b""[..], b"M", b"M\x06\x00", b"M\x05\x00\x1f", b"N\x06\x00\x1f", b"M\x06\x00\x20"]
    {
        assert_eq!(error(bytes, 0), MpyError::Incompatible);
        assert_eq!(error(bytes, 10).message(), "incompatible .mpy file");
    }
    let native = [b'M', 6, 10 << 2 | 3, 31, 0, 0];
    assert_eq!(error(&native, 0).message(), "native code in .mpy unsupported");
    assert_eq!(error(&native, 9).message(), "incompatible .mpy arch");
    assert_eq!(error(&[b'M', 6, 10 << 2 | 2, 31, 0, 0], 10), MpyError::Incompatible);
}

#[test]
fn every_beginning_of_a_file_is_refused() {
    for file in FILES {
        for end in 0..file.len() {
            assert!(load(&file[..end], NO_ARCH).is_err());
        }
    }
}

#[test]
fn changed_files_are_refused_or_verify() {
    let mut chance = Chance(1);
    let mut accepted = 0;
    for round in 0..12_000 {
        let mut file = FILES[round % FILES.len()].to_vec();
        for _ in 0..=chance.below(4) {
            let at = 4 + chance.below(file.len() - 4);
            match chance.below(4) {
                0 => file[at] = chance.below(256) as u8,
                1 => file[at] ^= 1 << chance.below(8),
                2 => {
                    file.remove(at);
                }
                _ => file.insert(at, chance.below(256) as u8),
            }
        }
        // What is accepted has been verified.
        accepted += usize::from(load(&file, NO_ARCH).is_ok());
    }
    assert!(accepted > 100, "the changes are too wild to find anything: {accepted}");
}

#[test]
fn noise_is_refused_or_verifies() {
    let mut chance = Chance(7);
    for _ in 0..12_000 {
        // A module without names and constants whose code is noise.
        let n = 1 + chance.below(60);
        let mut file = vec![b'M', 6, 0, 31, 1, 0, 0x02, b'n', 0, ((n + 3) << 3 >> 7) as u8 | 0x80];
        file.push(((n + 3) << 3 & 0x7f) as u8);
        file.extend([chance.below(128) as u8, 2, 0]);
        file.extend((0..n).map(|_| 0x10 + chance.below(0xea) as u8));
        let _ = load(&file, NO_ARCH);
    }
}

#[test]
fn deep_files_are_refused_and_not_fatal() {
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(|| {
        // Tuples within tuples, functions within functions.
        let mut file = vec![b'M', 6, 0, 31, 0, 1];
        file.extend([10, 1].repeat(100_000));
        assert!(load(&file, NO_ARCH).is_err());
        let mut file = vec![b'M', 6, 0, 31, 1, 0, 0x02, b'n', 0];
        let body = [5 << 3 | 4, 0, 2, 0, 0x51, 0x63, 1];
        file.extend(body.repeat(50_000));
        assert!(load(&file, NO_ARCH).is_err());
        for file in FILES {
            assert!(load(file, NO_ARCH).is_ok());
        }
    });
    thread.expect("a thread can be had").join().expect("the stack suffices");
}
