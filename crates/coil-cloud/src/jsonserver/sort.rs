//! The order of a list. It must not know where the rows come from.

use std::cmp::Ordering;

use serde_json::Value;

use super::filter::lookup;
use super::js;

/// One field to sort by.
#[derive(Debug)]
pub(super) struct Key {
    path: String,
    descending: bool,
}

/// Reads `_sort=a,b&_order=desc,asc`.
pub(super) fn keys(sort: &str, order: &str) -> Vec<Key> {
    let mut orders = order.split(',');
    sort.split(',')
        .map(|path| Key {
            path: path.to_owned(),
            descending: orders.next().is_some_and(|order| order.eq_ignore_ascii_case("desc")),
        })
        .collect()
}

/// Values in ascending order: null after all others, what is not there after null. Values that
/// JavaScript cannot compare count as equal.
fn ascending(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    let rank = |value: Option<&Value>| match value {
        None => 2,
        Some(Value::Null) => 1,
        Some(_) => 0,
    };
    match (left, right) {
        (Some(left), Some(right)) if !left.is_null() && !right.is_null() => {
            js::compare(left, right).unwrap_or(Ordering::Equal)
        }
        _ => rank(left).cmp(&rank(right)),
    }
}

/// Rows in the order of the keys; rows that are equal in all of them stay as they were.
pub(super) fn apply<'a>(rows: Vec<&'a Value>, keys: &[Key]) -> Vec<&'a Value> {
    let keyed: Vec<(Vec<Option<Value>>, &'a Value)> = rows
        .into_iter()
        .map(|row| (keys.iter().map(|key| lookup(row, &key.path)).collect(), row))
        .collect();
    let compare = |left: &(Vec<Option<Value>>, &Value), right: &(Vec<Option<Value>>, &Value)| {
        for (key, (left, right)) in keys.iter().zip(left.0.iter().zip(&right.0)) {
            let order = ascending(left.as_ref(), right.as_ref());
            let order = if key.descending { order.reverse() } else { order };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    };
    merge_sort(keyed, &compare).into_iter().map(|(_, row)| row).collect()
}

/// A stable sort that bears comparisons which contradict each other, as JavaScript's across types
/// do; the standard library's may panic on them.
fn merge_sort<T>(mut items: Vec<T>, compare: &impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    if items.len() < 2 {
        return items;
    }
    let right = merge_sort(items.split_off(items.len() / 2), compare);
    let left = merge_sort(items, compare);
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    loop {
        let take_right = match (left.peek(), right.peek()) {
            (Some(one), Some(other)) => compare(other, one) == Ordering::Less,
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (None, None) => return out,
        };
        out.extend(if take_right { right.next() } else { left.next() });
    }
}
