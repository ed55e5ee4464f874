//! `coil test` at the command line: what it prints and how it ends.

use crate::support::{coil, run_tool, text, tool};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let path = folder.path().to_str().expect("plain").to_owned();
    (folder, path)
}

const GOOD: (&str, &str) = ("test_good.py", "def test_one():\n    pass\n");
const BAD: (&str, &str) = ("test_bad.py", "def test_two():\n    assert 1 == 2, 'sum'\n");
const BROKEN: (&str, &str) = ("x.test.toml", "program = 'nowhere.py'\n");

#[test]
fn the_exit_code_says_how_it_went() {
    for (files, code, out, err) in [
        (&[GOOD][..], 0, "1 passed in ", ""),
        (&[GOOD, BAD], 1, "1 failed, 1 passed in ", ""),
        (&[GOOD, BROKEN], 2, "cannot read `", ""),
        (&[], 2, "", "there are no tests here"),
    ] {
        let (_folder, path) = folder(files);
        let done = coil(&["test", &path]);
        assert_eq!(done.status.code(), Some(code), "{}", text(&done.stdout));
        assert!(text(&done.stdout).contains(out), "{}", text(&done.stdout));
        assert!(text(&done.stderr).contains(err), "{}", text(&done.stderr));
    }
    let done = coil(&["test", "/no/such/folder"]);
    assert_eq!(done.status.code(), Some(2));
    let (_folder, path) = folder(&[GOOD]);
    assert_eq!(coil(&["test", &path, "-k", "nothing"]).status.code(), Some(2));
}

#[test]
fn tests_are_listed_and_chosen_and_coloured() {
    let (_folder, path) = folder(&[GOOD, BAD]);
    let listed = text(&coil(&["test", "--list", &path]).stdout);
    assert_eq!(listed, format!("{path}/test_bad.py::test_two\n{path}/test_good.py::test_one\n"));
    let done = coil(&["test", &path, "-v", "-k", "one", "--color", "always"]);
    let out = text(&done.stdout);
    assert!(
        out.starts_with(&format!("{path}/test_good.py::test_one \x1b[32mPASSED\x1b[0m")),
        "{out}"
    );
}

#[test]
fn reports_for_other_programs_are_written() {
    let (folder, path) = folder(&[GOOD, BAD, ("words.py", "word = 1\n")]);
    let [xml, lcov] = ["r.xml", "r.info"].map(|n| folder.path().join(n).display().to_string());
    let done = coil(&["test", &path, "--junit", &xml, "--coverage-lcov", &lcov]);
    assert_eq!(done.status.code(), Some(1));
    let report = std::fs::read_to_string(&lcov).expect("written");
    assert!(report.contains("/words.py\nDA:1,0\nLF:1\nLH:0\nend_of_record\n"), "{report}");
    let report = std::fs::read_to_string(&xml).expect("written");
    assert!(report.contains("<failure message=\"AssertionError: sum\""), "{report}");
    let Some(python) = tool("python") else { return };
    let script = "import sys, xml.etree.ElementTree as e\nr = e.parse(sys.argv[1]).getroot()\n\
                  print(r.tag, [(c.get('name'), [k.tag for k in c]) for c in r.iter('testcase')])";
    let told = text(&run_tool(&python, &["-c", script, &xml]).stdout);
    assert_eq!(told, "testsuites [('test_two', ['failure']), ('test_one', [])]\n");
}
