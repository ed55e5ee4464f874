//! The code of key forms, instruction by instruction.

use coil_compiler::{Mode, Options, bytecode, compile};

/// The disassembly without line marks, from the code of `name` on.
fn code(source: &str, name: &str) -> String {
    let unit = compile(source, &Options::default()).expect("the source is right");
    bytecode::verify(&unit).expect("what is compiled verifies");
    let text = bytecode::disassemble(&unit);
    let start = text.find(&format!("{name}(")).expect("the code object is there");
    let one = text[start..].split("\n\n").next().unwrap_or_default();
    let lines = one.lines().filter(|line| !line.starts_with("  line"));
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn expect(source: &str, name: &str, expected: &[&str]) {
    assert_eq!(code(source, name).lines().collect::<Vec<_>>(), expected, "{source}");
}

#[test]
fn a_range_loop_takes_one_instruction_a_round() {
    expect(
        "def f(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\n",
        "f",
        &[
            "f(n) 6 registers",
            "0 LoadInt r1, 0",
            "1 Move r4, r0",
            "2 LoadInt r3, 0",
            "3 LoadInt r5, 1",
            "4 Jump ->6",
            "5 IAdd r1, r1, r2",
            "6 ForRange r2, r3, r5, ->5",
            "8 Return r1",
        ],
    );
}

#[test]
fn conditions_compare_and_jump_at_once() {
    expect(
        "def f(a, b):\n    while not (a < 10 and b is None):\n        a += 1\n    return a\n",
        "f",
        &[
            "f(a, b) 2 registers",
            "0 Jump ->2",
            "1 IAddI r0, r0, 1",
            "2 JLtI r0, 10, 0, ->1",
            "4 JNone r1, 0, ->1",
            "6 Return r0",
        ],
    );
}

#[test]
fn a_swap_needs_one_spare_register_and_no_tuple() {
    expect(
        "def f(a, b):\n    a, b = b, a\n    return a\n",
        "f",
        &["f(a, b) 3 registers", "0 Move r2, r0", "1 Move r0, r1", "2 Move r1, r2", "3 Return r0"],
    );
}

#[test]
fn calls_put_arguments_in_place_and_results_where_they_belong() {
    expect(
        "def f(a, b):\n    b = g(a, b + 1, k=2)\n    return a.m(b)\n",
        "f",
        &[
            "f(a, b) 7 registers",
            "0 LoadGlobal r2, g",
            "2 Move r3, r0",
            "3 AddI r4, r1, 1",
            "4 LoadConst r5, k",
            "5 LoadInt r6, 2",
            "6 Call r2, 2, 1, =r1",
            "8 Move r3, r0",
            "9 Move r4, r1",
            "10 CallMethod r2, 1, 0, =r2, m",
            "13 Return r2",
        ],
    );
}

#[test]
fn a_method_is_looked_up_before_arguments_that_call() {
    expect(
        "def f(a):\n    a.m(g())\n",
        "f",
        &[
            "f(a) 4 registers",
            "0 LoadMethod r1, r0, m",
            "2 LoadGlobal r3, g",
            "4 Call r3, 0, 0, =r3",
            "6 CallM r1, 1, 0, =r1",
            "8 LoadNone r1",
            "9 Return r1",
        ],
    );
}

#[test]
fn unpacking_goes_straight_into_neighbouring_locals() {
    expect(
        "def f(d):\n    for k, v in d:\n        g(k)\n",
        "f",
        &[
            "f(d) 7 registers",
            "0 GetIter r3, r0",
            "1 Jump ->8",
            "2 UnpackSeq r1, r4, 2",
            "3 LoadGlobal r5, g",
            "5 Move r6, r1",
            "6 Call r5, 1, 0, =r5",
            "8 ForIter r4, r3, ->2",
            "10 LoadNone r3",
            "11 Return r3",
        ],
    );
}

#[test]
fn only_locals_that_may_be_unbound_are_checked() {
    expect(
        "def f(a):\n    if a:\n        b = 1\n    c = 2\n    return b + c\n",
        "f",
        &[
            "f(a) 4 registers",
            "0 JFalse r0, ->3",
            "2 LoadInt r1, 1",
            "3 LoadInt r2, 2",
            "4 CheckLocal r1, b",
            "5 Add r3, r1, r2",
            "6 Return r3",
        ],
    );
}

#[test]
fn a_return_goes_through_finally_with_its_value() {
    expect(
        "def f(a):\n    try:\n        return a\n    finally:\n        g()\n",
        "f",
        &[
            "f(a) 4 registers",
            "0 LoadNone r2",
            "1 Move r3, r0",
            "2 Move r2, r3",
            "3 LoadInt r1, 2",
            "4 Jump ->6",
            "5 LoadInt r1, 0",
            "6 LoadGlobal r3, g",
            "8 Call r3, 0, 0, =r3",
            "10 JNeI r1, 0, 1, ->13",
            "12 Reraise r2",
            "13 JNeI r1, 2, 1, ->16",
            "15 Return r2",
            "16 LoadNone r1",
            "17 Return r1",
            "1..2 -> 5 in r2",
        ],
    );
}

#[test]
fn an_except_clause_binds_and_unbinds_its_name() {
    expect(
        "def f():\n    try:\n        g()\n    except E as e:\n        raise\n",
        "f",
        &[
            "f() 3 registers",
            "0 LoadGlobal r2, g",
            "2 Call r2, 0, 0, =r2",
            "4 Jump ->14",
            "5 LoadGlobal r2, E",
            "7 JExc r1, r2, 0, ->13",
            "9 Move r0, r1",
            "10 Reraise r1",
            "11 LoadNull r0",
            "12 Reraise r2",
            "13 Reraise r1",
            "14 LoadNone r1",
            "15 Return r1",
            "0..4 -> 5 in r1",
            "10..11 -> 11 in r2",
        ],
    );
}

#[test]
fn closures_pass_cells_and_super_finds_its_class() {
    expect(
        "class A(B):\n    def m(self):\n        return super().m()\n",
        "m",
        &[
            "m(self) 5 registers",
            "0 LoadGlobal r2, super",
            "2 LoadCell r3, r1, __class__",
            "4 Move r4, r0",
            "5 Call r2, 2, 0, =r3",
            "7 CallMethod r2, 0, 0, =r2, m",
            "10 Return r2",
        ],
    );
}

#[test]
fn constants_fold_and_private_ones_vanish() {
    expect(
        "_A = const(1 << 3)\nB = const(_A + 1)\nx = (_A, B, -1)\n",
        "<module>",
        &[
            "<module>() 1 registers",
            "0 LoadInt r0, 9",
            "1 StoreName r0, B",
            "3 LoadConst r0, Tuple([Int(8), Int(9), Int(-1)])",
            "4 StoreName r0, x",
            "6 LoadNone r0",
            "7 Return r0",
        ],
    );
}

#[test]
fn assertions_and_debug_code_go_with_the_optimisation_level() {
    let source = "def f(a):\n    assert a\n    if __debug__:\n        g()\n";
    let options = Options { opt_level: 1, ..Options::default() };
    let unit = compile(source, &options).expect("the source is right");
    let text = bytecode::disassemble(&unit);
    assert!(!text.contains("AssertionError") && !text.contains("LoadGlobal"), "{text}");
}

#[test]
fn the_prompt_shows_expression_statements() {
    let options = Options { mode: Mode::Single, ..Options::default() };
    let unit = compile("if x:\n    1 + y\n", &options).expect("the source is right");
    assert!(bytecode::disassemble(&unit).contains("PrintExpr"));
}

#[test]
fn lines_are_those_of_statements_and_calls() {
    let source = "x = 1\nf(a,\n  g(b),\n  c)\n\ny = 2\n";
    let unit = compile(source, &Options::default()).expect("the source is right");
    let lines: Vec<u32> = unit.lines.iter().map(|&(_, line)| line).collect();
    assert_eq!(lines, [1, 2, 3, 6]);
}
