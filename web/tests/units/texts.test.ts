// Paths, trees, differences and bytes: the small things that must not be wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, textOf, toBase64 } from "../../src/base64.ts";
import { difference } from "../../src/editor/diff.ts";
import { bytesText, isText, rowsOf } from "../../src/files/tree.ts";
import { baseName, copyName, folderOf, isProgramName, withEnding } from "../../src/names.ts";

test("a copy's name keeps folder and ending", () => {
  assert.equal(copyName("blink.py", 1), "blink_mine.py");
  assert.equal(copyName("lib/a.b/blink.py", 3), "lib/a.b/blink_mine3.py");
  assert.equal(copyName("lib.d/README", 1), "lib.d/README_mine");
});

test("names of programs", () => {
  for (const name of ["a.py", "sub/a.py", "größe.py"]) assert.ok(isProgramName(name), name);
  for (const name of ["", "/a.py", "../a.py", "a//b.py", ".hidden", "sub/.a", "a\0.py", "a\\b.py", "x".repeat(201)]) assert.ok(!isProgramName(name), name);
  assert.equal(withEnding("blink"), "blink.py");
  assert.equal(withEnding("a.d/blink"), "a.d/blink.py");
  assert.equal(withEnding("data.json"), "data.json");
  assert.equal(baseName("/lib/a.py"), "a.py");
  assert.equal(folderOf("/lib/a.py"), "/lib");
  assert.equal(folderOf("/a.py") + folderOf("a.py"), "");
});

test("a difference makes one text of the other, and is as small as one change can be", () => {
  for (const [before, after] of [["", "a"], ["a", ""], ["abc", "abXc"], ["aaa", "aa"], ["aba", "ababa"], ["one\ntwo\n", "one\n2\n"], ["same", "other"]] as const) {
    const change = difference(before, after);
    assert.ok(change);
    assert.equal(before.slice(0, change.from) + change.insert + before.slice(change.to), after);
  }
  assert.equal(difference("same", "same"), undefined);
  assert.deepEqual(difference("abc", "abXc"), { from: 2, to: 2, insert: "X" });
});

test("paths become a tree, folders first, and a closed folder hides what is in it", () => {
  const items = [{ path: "/main.py", size: 3 }, { path: "/lib", folder: true }, { path: "/lib/b/c.py", size: 1 }, { path: "/lib/a.py", size: 2 }];
  const all = rowsOf(items, () => true);
  assert.deepEqual(all.map((row) => [row.path, row.level, row.isFolder]), [["/lib", 1, true], ["/lib/b", 2, true], ["/lib/b/c.py", 3, false], ["/lib/a.py", 2, false], ["/main.py", 1, false]]);
  assert.deepEqual(rowsOf(items, () => false).map((row) => row.name), ["lib", "main.py"]);
  assert.deepEqual(rowsOf([{ path: "sub/a.py" }, { path: "z.py" }], () => true).map((row) => row.path), ["sub", "sub/a.py", "z.py"]);
  assert.deepEqual([bytesText(0), bytesText(999), bytesText(2048), bytesText(3_000_000)], ["0 B", "999 B", "2.0 KB", "2.9 MB"]);
});

test("what is a text by its name", () => {
  assert.deepEqual(["/main.py", "a.JSON", "/lib/x.mpy", "data.bin", "README", "/py"].map(isText), [true, true, false, false, false, false]);
});

test("all bytes come through base64, and what is no text is told from text", () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256);
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  assert.equal(textOf(bytes), undefined);
  assert.equal(textOf(new TextEncoder().encode("\ufeffgrün\n")), "\ufeffgrün\n");
  assert.equal(textOf(Uint8Array.of(65, 0, 66)), undefined);
});
