//! One and many: `posts` and `post`. The forms that tables are named by, not a dictionary.

/// Words whose other form follows no rule.
const IRREGULAR: &[(&str, &str)] = &[
    ("person", "people"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("mouse", "mice"),
    ("ox", "oxen"),
    ("die", "dice"),
    ("quiz", "quizzes"),
    ("hero", "heroes"),
    ("echo", "echoes"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
    ("datum", "data"),
    ("medium", "media"),
    ("criterion", "criteria"),
    ("index", "indices"),
    ("matrix", "matrices"),
    ("vertex", "vertices"),
    ("analysis", "analyses"),
    ("axis", "axes"),
    ("crisis", "crises"),
    ("thesis", "theses"),
    ("knife", "knives"),
    ("life", "lives"),
    ("wife", "wives"),
    ("leaf", "leaves"),
    ("wolf", "wolves"),
    ("half", "halves"),
    ("shelf", "shelves"),
    ("thief", "thieves"),
    ("movie", "movies"),
    ("bus", "buses"),
    ("alias", "aliases"),
    ("status", "statuses"),
    ("virus", "viruses"),
    ("campus", "campuses"),
    ("this", "these"),
];

/// Words that are their own plural.
const UNCHANGED: &[&str] = &[
    "news",
    "series",
    "species",
    "sheep",
    "fish",
    "deer",
    "equipment",
    "information",
    "money",
    "rice",
    "media",
    "traffic",
    "software",
    "hardware",
    "firmware",
    "feedback",
    "wildlife",
    "chassis",
    "means",
    "aircraft",
];

/// Gives `found` the case of `word`.
fn in_case_of(word: &str, found: String) -> String {
    let mut letters = word.chars();
    let (first, second) = (letters.next(), letters.next());
    match (first.is_some_and(char::is_uppercase), second.is_some_and(char::is_uppercase)) {
        (true, true) => found.to_uppercase(),
        (true, false) => {
            let mut rest = found.chars();
            rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
        }
        _ => found,
    }
}

fn ends_with_any(word: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| word.ends_with(end))
}

/// `posts` to `post`; a singular stays.
pub(super) fn singular(word: &str) -> String {
    let lower = word.to_lowercase();
    if UNCHANGED.contains(&lower.as_str()) && lower != "media" {
        return word.to_owned();
    }
    if IRREGULAR.iter().any(|(one, _)| *one == lower) {
        return word.to_owned();
    }
    if let Some((one, _)) = IRREGULAR.iter().find(|(_, many)| *many == lower) {
        return in_case_of(word, (*one).to_owned());
    }
    let cut = |count: usize| word.get(..word.len() - count).unwrap_or(word).to_owned();
    if lower.len() > 4 && lower.ends_with("ies") {
        return cut(3) + "y";
    }
    if ends_with_any(&lower, &["sses", "shes", "ches", "xes", "zzes"]) {
        return cut(2);
    }
    if lower.ends_with('s') && !ends_with_any(&lower, &["ss", "us", "is"]) {
        return cut(1);
    }
    word.to_owned()
}

/// `post` to `posts`; a plural stays.
pub(super) fn plural(word: &str) -> String {
    let lower = word.to_lowercase();
    if UNCHANGED.contains(&lower.as_str()) {
        return word.to_owned();
    }
    if IRREGULAR.iter().any(|(_, many)| *many == lower) {
        return word.to_owned();
    }
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| *one == lower) {
        return in_case_of(word, (*many).to_owned());
    }
    let is_plural = lower.ends_with('s') && !ends_with_any(&lower, &["ss", "us", "is"]);
    if is_plural {
        return word.to_owned();
    }
    let before = lower.chars().rev().nth(1);
    if lower.ends_with('y') && !before.is_some_and(|letter| "aeiou".contains(letter)) {
        return word.get(..word.len() - 1).unwrap_or(word).to_owned() + "ies";
    }
    if ends_with_any(&lower, &["s", "sh", "ch", "x", "z"]) {
        return format!("{word}es");
    }
    format!("{word}s")
}

#[cfg(test)]
mod tests {
    use super::{plural, singular};

    #[test]
    fn tables_and_their_items_find_each_other() {
        for (one, many) in [
            ("post", "posts"),
            ("comment", "comments"),
            ("device", "devices"),
            ("category", "categories"),
            ("day", "days"),
            ("box", "boxes"),
            ("match", "matches"),
            ("class", "classes"),
            ("person", "people"),
            ("child", "children"),
            ("status", "statuses"),
            ("house", "houses"),
            ("key", "keys"),
            ("news", "news"),
            ("Post", "Posts"),
            ("Person", "People"),
        ] {
            assert_eq!(singular(many), one);
            assert_eq!(singular(one), one);
            assert_eq!(plural(one), many);
            assert_eq!(plural(many), many);
        }
    }
}
