//! Where the reference's grammar is another than CPython's, or one of the two is checked elsewhere.

/// What we say (nothing: we take it), what ruff says, what the source must have for that, and why.
struct Corner {
    ours: Option<&'static str>,
    ruffs: Option<&'static str>,
    with: &'static [&'static str],
    #[expect(dead_code, reason = "for who reads the table")]
    why: &'static str,
}

/// We refuse what ruff takes.
const fn refused(ours: &'static str, with: &'static [&'static str], why: &'static str) -> Corner {
    Corner { ours: Some(ours), ruffs: None, with, why }
}

/// We take what ruff refuses.
const fn taken(ruffs: &'static str, with: &'static [&'static str], why: &'static str) -> Corner {
    Corner { ours: None, ruffs: Some(ruffs), with, why }
}

const LATER: &str = "ruff's parser leaves it to a later pass; CPython refuses it as well";
const FOLDED: &str =
    "a line that continues the blank start of another is indented by its own start";
const UNSEEN: &str = "code that a constant keeps from running is not looked at";
const OLD: &str = "the grammar is CPython 3.4's with some additions, not today's";
const LENIENT: &str = "the reference's compiler does not look";

const CORNERS: &[Corner] = &[
    refused("'return' outside function", &["return"], LATER),
    refused("'yield' outside function", &["yield"], LATER),
    refused("'await' outside function", &["await"], LATER),
    refused("'break'/'continue' outside loop", &["break", "continue"], LATER),
    refused("async for/with outside async function", &["async"], LATER),
    refused("identifier redefined as", &["global", "nonlocal"], LATER),
    refused("can't declare nonlocal in outer code", &["nonlocal"], LATER),
    refused("no binding for nonlocal found", &["nonlocal"], LATER),
    refused("argument name reused", &["def", "lambda"], LATER),
    refused("default 'except' must be last", &["except"], LATER),
    refused("multiple *x in assignment", &["*"], LATER),
    refused("*x must be assignment target", &["*"], LATER),
    refused("can't assign to expression", &["*"], "a starred target must be a name"),
    refused("can't delete expression", &["["], "`del [a]` is not there"),
    refused("* arg after kwarg", &["*"], "`*a` after `b=c` in a call is not there"),
    refused("too many args", &["*"], "a starred argument is among the first thirty"),
    refused("unicode name escapes", &["\\N{"], "there are no names of characters"),
    refused("invalid micropython decorator", &["micropython"], "no inline assembler for this chip"),
    refused(
        "invalid syntax for number",
        &["."],
        "a number takes letters after its point as its own",
    ),
    refused("unindent doesn't match", &["\\\n"], FOLDED),
    refused("invalid syntax", &["\\\n"], FOLDED),
    refused("invalid syntax", &["async for"], "comprehensions are not asynchronous"),
    refused("invalid syntax", &["@"], "a decorator is a name with points, and arguments"),
    refused("invalid syntax", &["*"], OLD),
    refused("invalid syntax", &["!a", "t'", "t\"", "/,", "/)", "match ", "type "], OLD),
    refused("invalid syntax", &["f'", "f\""], "the quotes of an f-string are not for its fields"),
    taken("unexpected EOF", &["\\\n"], "a backslash may be the last line"),
    taken("Invalid annotated assignment target", &[":"], LENIENT),
    taken("Only single target (not tuple) can be annotated", &[":"], LENIENT),
    taken("Expected an expression", &["raise"], "`raise` may end at a semicolon"),
    taken("Expected an expression", &["f'", "f\""], "an empty `{}` in an f-string gives nothing"),
    taken("f-string: single `}` is not", &["}"], "it is found when the text is formatted"),
    taken("Expected one or more keyword parameter", &["*"], LENIENT),
    taken("Got unexpected token ☃", &["☃"], "every character beyond ASCII may be in a name"),
    taken("Unparenthesized generator expression", &["for"], LENIENT),
    taken("Trailing comma not allowed", &["import"], LENIENT),
    taken(
        "Lambda expression cannot be used here",
        &["lambda"],
        "`if` of a comprehension takes one",
    ),
    taken("Starred expression cannot be used here", &["*"], "the tuple around it is found later"),
    taken("Expected a parameter name", &["lambda"], LENIENT),
    taken("Invalid assignment target", &["if", "while"], UNSEEN),
    taken("Invalid delete target", &["if", "while"], UNSEEN),
    taken("unindent does not match", &["\\\n"], FOLDED),
    taken("Expected an indented block", &["\\\n"], FOLDED),
    taken("Unexpected indentation", &["\\\n"], FOLDED),
];

/// Whether a difference of verdicts is one of the corners.
pub(crate) fn is_known(source: &str, ours: Option<&str>, ruffs: Option<&str>) -> bool {
    let same = |known: Option<&str>, said: Option<&str>| match (known, said) {
        (Some(known), Some(said)) => said.contains(known),
        (None, None) => true,
        _ => false,
    };
    CORNERS.iter().any(|c| {
        same(c.ours, ours)
            && same(c.ruffs, ruffs)
            && c.with.iter().any(|piece| source.contains(piece))
    })
}
