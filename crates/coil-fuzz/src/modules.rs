//! The parsers of the portable modules: an input's first byte says which reads the rest.

use crate::chance::Choices;
use crate::machine;

/// Pieces of what they read.
pub(crate) const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\u",
    ":",
    ",",
    "1e",
    "-",
    "null",
    "true",
    "(",
    ")",
    "(?:",
    "|",
    "*",
    "+",
    "?",
    "*?",
    "^",
    "$",
    "\\d",
    "\\W",
    "\\1",
    "[^",
    "a-z",
    ".",
    "{2}",
    "<",
    ">",
    "@",
    "!",
    "3s",
    "2x",
    "Q",
    "d",
    "%s",
    "%*d",
    "%(a)r",
    "{0.a[1]}",
    "{!r:>10}",
    "{:{}}",
    "0x",
    "1_0",
    "inf",
    "nan",
    "1j",
    "1e400",
    "=",
    "\\g<1>",
    "éé",
    "\u{1f600}",
];

/// What reads them; `D` is the rest of the input as bytes, `T` as text.
const READERS: &[&str] = &[
    "import json\nv = json.loads(D)\njson.loads(json.dumps(v, separators=(',', T[:2])))\nprint(v)",
    "import json, io\njson.load(io.BytesIO(D))",
    "import re\np, _, s = T.partition('\\n')\nr = re.compile(p)\nfor f in (r.match, r.search): \n m = f(s)\n if m: print(m.groups(), m.span())\nprint(r.split(s, 5), r.sub('<\\\\g<0>>', s, 9))",
    "import struct\nf, _, d = D.partition(b'\\n')\nf = f.decode()\nn = struct.calcsize(f)\nv = struct.unpack_from(f, d)\nassert struct.pack(f, *v) is not None",
    "import uctypes, struct\nn = D[0]\nb = bytearray(D)\nd = {}\nfor i in range(1, min(len(D) - 4, 40), 5):\n d[chr(97 + i % 26)] = struct.unpack('<I', D[i:i+4])[0] if D[i] & 1 else (struct.unpack('<I', D[i:i+4])[0], D[i] if D[i] & 2 else {'q': uctypes.UINT8})\ns = uctypes.struct(uctypes.addressof(b), d, n % 3)\nprint(uctypes.sizeof(s))\nfor k in d:\n try: print(getattr(s, k)); setattr(s, k, 3)\n except Exception as e: print(e)",
    "import deflate, io\nfor w in (0, 8, 15):\n for k in (deflate.AUTO, deflate.RAW, deflate.ZLIB, deflate.GZIP):\n  try: print(len(deflate.DeflateIO(io.BytesIO(D), k, w).read(5000)))\n  except OSError as e: print(e)",
    "import deflate, io\ns = io.BytesIO()\nwith deflate.DeflateIO(s, deflate.ZLIB, 9) as z: z.write(D)\nassert deflate.DeflateIO(io.BytesIO(s.getvalue())).read() == D",
    "import zlib, io\nfor w in (-15, 0, 31):\n for f in (lambda: zlib.decompress(D, w), lambda: zlib.DecompIO(io.BytesIO(D), w).read(5000)):\n  try: print(len(f()))\n  except (OSError, ValueError, EOFError) as e: print(e)",
    "import binascii\nfor f in (binascii.unhexlify, binascii.a2b_base64):\n try: f(D)\n except ValueError as e: print(e)\nassert binascii.unhexlify(binascii.hexlify(D)) == D\nassert binascii.a2b_base64(binascii.b2a_base64(D)) == D",
    "p, _, s = T.partition('\\n')\nfor f in (lambda: p % s, lambda: p % (1, 2.5, s), lambda: p % {'a': 1}, lambda: p.format(s, 1, a=[1, 2]), lambda: format(1.5, p), lambda: format(s, p), lambda: format(10**20, p)):\n try: print(len(f()))\n except Exception as e: print(e)",
    "for f in (int, float, complex, lambda t: int(t, 0), lambda t: int(t, 36), eval):\n try: print(f(T))\n except Exception as e: print(e)",
    "exec(D)",
    "import collections, array, heapq\nP = collections.namedtuple('P', T)\nprint(P)",
    "import array\nfor t in 'bBhHiIlLqQfd':\n try: a = array.array(t, D); print(len(a), a[:2], a)\n except Exception as e: print(e)\nmemoryview(bytearray(D))[1:-1]",
    "import framebuf\nw, h, k = D[0] % 40, D[1] % 40, D[2] % 7\nf = framebuf.FrameBuffer(bytearray(2000), w, h, k)\nfor i in range(3, len(D) - 6, 6):\n x, y, u, v, c = (b - 100 for b in D[i:i+5])\n m = D[i+5] % 8\n (lambda: f.line(x, y, u, v, c), lambda: f.rect(x, y, u, v, c, c & 1), lambda: f.ellipse(x, y, u, v, c, c & 1, c & 15), lambda: f.text(T[:5], x, y, c), lambda: f.scroll(x, y), lambda: f.blit(f, x, y), lambda: f.pixel(x, y, c), lambda: f.poly(x, y, array.array('h', [0, 0, u, v, v, u]), c, c & 1))[m]()",
    "import hashlib, cryptolib\nh = hashlib.sha256(D); h.update(D); print(h.digest())\nc = cryptolib.aes(bytes(16), 1 + D[0] % 3, *([D[:16]] if D[0] & 8 else []))\nprint(c.decrypt(D[:len(D) // 16 * 16]))",
    "import io\ns = io.StringIO(T)\nfor l in s: print(len(l))\ns.seek(D[0], D[1] % 3)\ns.write(T)\ns.readline(3)",
    "import btree, io\nf = io.BytesIO(D)\ndb = btree.open(f)\nfor g in (lambda: [*db.items()], lambda: [*db.keys(None, b'k', 3)], lambda: db.put(b'k', D), lambda: db.put(D[:400], b''), lambda: [db.put(b'k%d' % i, b'v' * i) for i in range(60)], lambda: [db.__contains__(k) if i & 1 else db.put(k, b'') for i, k in enumerate(db)], db.flush, db.close):\n try: g()\n except OSError as e: print(e)\n except AttributeError: pass\ntry: print(len(list(btree.open(io.BytesIO(f.getvalue())))))\nexcept OSError as e: print(e)",
];

/// Has one of the modules' parsers read the input.
pub(crate) fn run(input: &[u8]) {
    let mut choices = Choices(input);
    let (reader, how) = (choices.pick(READERS), choices.byte());
    let mut data = String::new();
    for b in choices.bytes(4000) {
        data.push_str(&format!("\\x{b:02x}"));
    }
    let source = format!(
        "import array\nD = b'{data}'\ntry: T = D.decode()\nexcept UnicodeError: T = ''.join(chr(b) for b in D)\n\
         try:\n {}\nexcept AssertionError: raise SystemExit('wrong')\nexcept Exception as e: print(e)\n",
        reader.replace('\n', "\n ")
    );
    let run = machine::run(source.as_bytes(), 200_000, how & 1 == 1, how & 6 == 6);
    assert!(
        !run.output.ends_with(b"SystemExit: wrong\n"),
        "what was written reads as something else\n{source}\n{}",
        String::from_utf8_lossy(&run.output)
    );
}
