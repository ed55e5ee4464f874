//! Files of a board, by programs for its prompt that every firmware since 1.11 knows.

use super::Error;
use super::python::{base64, literal, of_base64, of_hex, program};
use super::session::Ask;
use sha2::{Digest, Sha256};

/// Bytes of a file that is read or written at most.
pub const FILE_MAX: usize = 4 << 20;
/// Files and folders that are listed, or removed at once.
pub const FILES_MAX: usize = 2000;
/// Bytes of a name, as littlefs has it.
const NAME_MAX: usize = 255;
/// Bytes of a path.
const PATH_MAX: usize = 1024;
/// Bytes of a file in one frame, and in one program.
const READ: usize = 768;
const WRITE: usize = 1536;
/// What a file is called until all of it is there.
const PART: &str = ".coil-part";

/// A file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From the root.
    pub path: String,
    /// Bytes of a file; a folder has none.
    pub size: Option<u64>,
}

/// What is on a board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// All files and folders, sorted by path.
    pub files: Vec<Entry>,
    /// There are more than [`FILES_MAX`].
    pub is_cut: bool,
    /// Bytes that are free.
    pub free: u64,
    /// Bytes that there are.
    pub total: u64,
}

/// A path from the root, if it can be one.
pub(super) fn path(text: &str) -> Result<String, Error> {
    let bad = |why| Err(Error::Path { path: text.chars().take(100).collect(), why });
    let below = text.strip_prefix('/').unwrap_or(text);
    if below.is_empty() {
        return bad("it is the whole flash");
    }
    if text.len() > PATH_MAX {
        return bad("it is too long");
    }
    for name in below.split('/') {
        match name {
            "" => return bad("a name in it is empty"),
            "." | ".." => return bad("`.` and `..` are no names"),
            _ if name.len() > NAME_MAX => return bad("a name in it is too long"),
            _ if name.chars().any(char::is_control) => return bad("a name has control characters"),
            _ => {}
        }
    }
    Ok(format!("/{below}"))
}

/// All files and folders.
pub(super) fn list(board: &mut impl Ask) -> Result<Listing, Error> {
    let body = format!(
        "import os\nfrom binascii import hexlify\ns=os.statvfs('/')\n\
         w('v%d %d'%(s[0]*s[3],s[0]*s[2]))\nn={FILES_MAX}\nt=['']\nwhile t:\n d=t.pop()\n\
         \x20for e in os.ilistdir(d or '/'):\n  if not n:\n   w('x')\n   return\n  n-=1\n  p=d+'/'+e[0]\n\
         \x20 h=hexlify(p.encode()).decode()\n  if e[1]&0x4000:\n   t.append(p)\n   w('d'+h)\n  else:\n\
         \x20  w('f%s %d'%(h,e[3] if len(e)>3 else os.stat(p)[6]))\n"
    );
    let mut listing = Listing::default();
    board.ask(&program(&body), "/", &mut |frame| {
        let nonsense = || Error::Nonsense("a list of files");
        let path = |hex| of_hex(hex).ok_or_else(nonsense);
        let number = |text: &str| text.parse::<u64>().map_err(|_| nonsense());
        let rest = frame.get(1..).unwrap_or_default();
        match frame.as_bytes().first() {
            Some(b'v') => {
                let (free, total) = rest.split_once(' ').ok_or_else(nonsense)?;
                (listing.free, listing.total) = (number(free)?, number(total)?);
            }
            _ if listing.files.len() > FILES_MAX => return Err(nonsense()),
            Some(b'd') => listing.files.push(Entry { path: path(rest)?, size: None }),
            Some(b'f') => {
                let (name, size) = rest.split_once(' ').ok_or_else(nonsense)?;
                listing.files.push(Entry { path: path(name)?, size: Some(number(size)?) });
            }
            Some(b'x') => listing.is_cut = true,
            _ => return Err(nonsense()),
        }
        Ok(())
    })?;
    listing.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listing)
}

/// A file's content.
pub(super) fn read(board: &mut impl Ask, path: &str) -> Result<Vec<u8>, Error> {
    let body = format!(
        "from binascii import b2a_base64\nf=open({},'rb')\nn=f.seek(0,2)\nf.seek(0)\nw('n%d'%n)\n\
         while n<={FILE_MAX}:\n d=f.read({READ})\n if not d:\n  break\n\
         \x20w('d'+b2a_base64(d).decode().strip())\nf.close()\n",
        literal(path)
    );
    let nonsense = || Error::Nonsense("a file's content");
    let (mut content, mut size) = (Vec::new(), None);
    board.ask(&program(&body), path, &mut |frame| {
        if let Some(number) = frame.strip_prefix('n') {
            let number: usize = number.parse().map_err(|_| nonsense())?;
            if number > FILE_MAX {
                return Err(Error::TooLong(path.to_owned()));
            }
            size = Some(number);
        } else {
            let data = frame.strip_prefix('d').and_then(of_base64).ok_or_else(nonsense)?;
            content.extend(data);
            if content.len() > FILE_MAX {
                return Err(Error::TooLong(path.to_owned()));
            }
        }
        Ok(())
    })?;
    if size != Some(content.len()) {
        return Err(nonsense());
    }
    Ok(content)
}

/// Writes a file beside, looks whether it arrived, and gives it its name: a cut leaves the old one.
pub(super) fn write(board: &mut impl Ask, path: &str, content: &[u8]) -> Result<(), Error> {
    let part = format!("{path}{PART}");
    let name = literal(&part);
    let written = write_beside(board, &name, path, content);
    let verified = written.and_then(|()| {
        if is_there(board, &name, path, content)? {
            Ok(())
        } else {
            Err(Error::Damaged(path.to_owned()))
        }
    });
    let done = verified.and_then(|()| {
        let body = format!("import os\nos.rename({name},{})\n", literal(path));
        board.ask(&program(&body), path, &mut none)
    });
    if let Err(e @ (Error::Board(_) | Error::Full | Error::Damaged(_) | Error::Path { .. })) = done
    {
        // The board speaks: nothing is to stay of what failed.
        let body = format!(
            "import os\nfor n in ('__coil_f','__coil_b'):\n globals().pop(n,None)\nimport gc\ngc.collect()\n\
             try:\n os.remove({name})\nexcept OSError:\n pass\n"
        );
        board.ask(&program(&body), path, &mut none)?;
        return Err(e);
    }
    done
}

fn write_beside(board: &mut impl Ask, name: &str, path: &str, content: &[u8]) -> Result<(), Error> {
    let open = format!("from binascii import a2b_base64 as __coil_b\n__coil_f=open({name},'wb')\n");
    board.ask(&open, path, &mut none)?;
    for piece in content.chunks(WRITE) {
        let write = format!("__coil_f.write(__coil_b(b'{}'))\n", base64(piece));
        board.ask(&write, path, &mut none)?;
    }
    board.ask("__coil_f.close()\ndel __coil_f,__coil_b\n", path, &mut none)
}

/// Whether a file has this content, by its size and, where the board can, by its hash.
fn is_there(board: &mut impl Ask, name: &str, path: &str, content: &[u8]) -> Result<bool, Error> {
    let body = format!(
        "import os\nw('n%d'%os.stat({name})[6])\ntry:\n from hashlib import sha256\nexcept ImportError:\n return\n\
         from binascii import hexlify\nh=sha256()\nf=open({name},'rb')\nwhile 1:\n d=f.read({READ})\n\
         \x20if not d:\n  break\n h.update(d)\n w('p')\nf.close()\nw('h'+hexlify(h.digest()).decode())\n"
    );
    let digest: String = Sha256::digest(content).iter().map(|b| format!("{b:02x}")).collect();
    let (mut size_is_right, mut hash_is_right) = (false, true);
    board.ask(&program(&body), path, &mut |frame| {
        match frame.split_at_checked(1) {
            Some(("n", size)) => size_is_right = size == content.len().to_string(),
            Some(("h", hash)) => hash_is_right = hash == digest,
            _ => {}
        }
        Ok(())
    })?;
    Ok(size_is_right && hash_is_right)
}

/// Removes a file, or a folder with all that is in it.
pub(super) fn remove(board: &mut impl Ask, path: &str) -> Result<(), Error> {
    let body = format!(
        "import os\nn={FILES_MAX}\nt=[{}]\nr=[]\nwhile t:\n d=t.pop()\n if os.stat(d)[0]&0x4000:\n  r.append(d)\n\
         \x20 for e in os.ilistdir(d):\n   t.append(d+'/'+e[0])\n   if len(t)+len(r)>n:\n    w('x')\n    return\n\
         \x20else:\n  os.remove(d)\nfor d in reversed(r):\n os.rmdir(d)\n",
        literal(path)
    );
    let mut is_too_many = false;
    board.ask(&program(&body), path, &mut |_| {
        is_too_many = true;
        Ok(())
    })?;
    if is_too_many { Err(Error::TooMany) } else { Ok(()) }
}

/// Gives a file or folder another path.
pub(super) fn rename(board: &mut impl Ask, from: &str, to: &str) -> Result<(), Error> {
    let body = format!("import os\nos.rename({},{})\n", literal(from), literal(to));
    board.ask(&program(&body), from, &mut none)
}

/// Makes a folder.
pub(super) fn make_folder(board: &mut impl Ask, path: &str) -> Result<(), Error> {
    board.ask(&program(&format!("import os\nos.mkdir({})\n", literal(path))), path, &mut none)
}

/// What programs that answer nothing answer.
fn none(_: &str) -> Result<(), Error> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_at_the_root_and_stay_below_it() {
        assert_eq!(path("a.py").expect("a path"), "/a.py");
        assert_eq!(path("/lib/ä b.py").expect("a path"), "/lib/ä b.py");
        let long = "x".repeat(NAME_MAX + 1);
        let deep = "x/".repeat(PATH_MAX);
        for bad in ["", "/", "//", "/a//b", "a/", "/../a", "a/./b", "a\0", "a\n", &long, &deep] {
            assert!(matches!(path(bad), Err(Error::Path { .. })), "{bad:?}");
        }
    }

    /// Speaks as a board that says these frames.
    struct Says(Vec<&'static str>);

    impl Ask for Says {
        fn ask(
            &mut self,
            _: &str,
            _: &str,
            each: &mut dyn FnMut(&str) -> Result<(), Error>,
        ) -> Result<(), Error> {
            self.0.iter().try_for_each(|frame| each(frame))
        }
    }

    #[test]
    fn answers_that_make_no_sense_are_said_to_be_so() {
        for frames in
            [vec!["f"], vec!["fzz 1"], vec!["f61 x"], vec!["v1"], vec!["?"], vec![""], vec!["d6"]]
        {
            let got = list(&mut Says(frames.clone()));
            assert!(matches!(got, Err(Error::Nonsense(_))), "{frames:?}: {got:?}");
        }
        for frames in [vec![], vec!["nx"], vec!["n3", "dYQ=="], vec!["n1", "d!"], vec!["n1", "y"]] {
            let got = read(&mut Says(frames.clone()), "/a");
            assert!(matches!(got, Err(Error::Nonsense(_))), "{frames:?}: {got:?}");
        }
        let got = read(&mut Says(vec!["n4194305"]), "/a");
        assert!(matches!(got, Err(Error::TooLong(_))), "{got:?}");
        assert_eq!(read(&mut Says(vec!["n1", "dYQ=="]), "/a").expect("a file"), b"a");
        let got = write(&mut Says(vec!["n2"]), "/a", b"a");
        assert!(matches!(got, Err(Error::Damaged(_))), "{got:?}");
    }
}
