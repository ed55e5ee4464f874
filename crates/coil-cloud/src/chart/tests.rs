//! What is on a picture, and that both kinds of it show the same.

use super::axis::{Numbers, times};
use super::scene::{Anchor, Scene, Shape, Text};
use super::{Chart, Series, layout};

/// 2026-11-28 21:06:40 UTC.
const AT: i64 = 1_795_900_000_000_000;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

fn chart(points: &[(i64, f64)]) -> Chart {
    let series = Series { label: "lamp · light".into(), note: None, points: points.to_vec() };
    Chart { title: "A title".into(), unit: "lx".into(), series: vec![series] }
}

fn texts(scene: &Scene) -> Vec<&Text> {
    let texts = scene.shapes.iter().filter_map(|shape| match shape {
        Shape::Text(text) => Some(text),
        _ => None,
    });
    texts.collect()
}

fn lines(scene: &Scene, width: f32) -> usize {
    let is_line = |shape: &&Shape| matches!(shape, Shape::Line { width: one, .. } if *one == width);
    scene.shapes.iter().filter(is_line).count()
}

fn dots(scene: &Scene) -> usize {
    scene.shapes.iter().filter(|shape| matches!(shape, Shape::Dot { .. })).count()
}

#[test]
fn numbers_have_round_marks_with_all_values_within() {
    for (low, high, steps, expected) in [
        (0.0, 10.0, 5, "0 2 4 6 8 10"),
        (19.6, 23.8, 4, "18 20 22 24"),
        (-0.87, 1.06, 5, "-1.0 -0.5 0.0 0.5 1.0 1.5"),
        (3.18, 3.32, 3, "3.15 3.20 3.25 3.30 3.35"),
        (42.0, 42.0, 4, "35 40 45 50"),
        (0.0, 0.0, 4, "-1.0 -0.5 0.0 0.5 1.0"),
        (-5.0, -5.0, 2, "-5.5 -5.0 -4.5"),
        (0.0, 2.5e7, 4, "0 1e7 2e7 3e7"),
        (0.0, 1e-7, 2, "0 5.0e-8 1.0e-7"),
        (f64::MIN, f64::MAX, 2, "-1e300 0 1e300"),
        (1e15, 1e15 + 0.125, 2, "9.0e14 1.0e15 1.1e15"),
        (5e-324, 1e-323, 2, "-1 0 1"),
    ] {
        let axis = Numbers::new(low, high, steps);
        let labels: Vec<&str> = axis.marks.iter().map(|mark| mark.1.as_str()).collect();
        assert_eq!(labels.join(" "), expected, "{low} {high} {steps}");
        for value in [low, high] {
            let place = axis.place(value);
            assert!((0.0..=1.0).contains(&place), "{value} is at {place}");
        }
    }
}

#[test]
fn times_have_round_marks_that_say_their_day_once() {
    for (span, wanted, expected) in [
        (300_000, 3, "21:06:40.000/28 Nov 2026 UTC 21:06:40.100 21:06:40.200 21:06:40.300"),
        (90 * SECOND, 4, "21:07:00/28 Nov 2026 UTC 21:07:30 21:08:00"),
        (3600 * SECOND, 3, "21:30/28 Nov 2026 UTC 22:00"),
        (DAY / 2, 4, "00:00/29 Nov 2026 UTC 03:00 06:00 09:00"),
        (3 * DAY / 2, 3, "00:00/29 Nov 2026 UTC 12:00 00:00/30 Nov 2026"),
        (40 * DAY, 3, "3 Dec/2026 UTC 17 Dec 31 Dec"),
        (200 * DAY, 4, "Jan/2027 UTC Mar May"),
        (3650 * DAY, 5, "2028/UTC 2030 2032 2034 2036"),
    ] {
        let marks = times(AT, AT + span, wanted);
        let shown = marks.iter().map(|mark| match &mark.context {
            Some(context) => format!("{}/{context}", mark.label),
            None => mark.label.clone(),
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{span}");
        assert!(marks.iter().all(|mark| (AT..=AT + span).contains(&mark.at)));
    }
}

#[test]
fn the_longest_and_the_oddest_times_have_marks_that_can_be_counted() {
    // From the year -9999 to 9999, as far as a time stamp reaches.
    let (first, last) = (-377_705_023_201_000_000, 253_402_207_200_999_999);
    for (start, end) in [(first, last), (last - 1, last), (i64::MIN, i64::MAX), (first, first + 1)]
    {
        for wanted in [0, 1, 20, usize::MAX] {
            let marks = times(start, end, wanted);
            assert!(marks.len() <= 60, "{start} {end} {wanted}: {}", marks.len());
        }
    }
}

#[test]
fn a_picture_shows_what_there_is() {
    for (points, words, line_count, dot_count) in [
        (vec![], "no values yet", 0, 0),
        (vec![(AT, 42.0)], "28 Nov 2026 UTC", 0, 1),
        (vec![(AT, 5.0), (AT + DAY, 5.0)], "5.0", 1, 2),
        ((0..500).map(|index| (AT + index * SECOND, index as f64)).collect(), "500", 1, 0),
    ] {
        let chart = chart(&points);
        let scene = layout::scene(&chart, 800, 400);
        let texts: Vec<&str> = texts(&scene).iter().map(|text| text.text.as_str()).collect();
        for word in [words, "A title", "lx", "lamp · light"] {
            assert!(texts.contains(&word), "{word}: {texts:?}");
        }
        assert_eq!((lines(&scene, 2.0), dots(&scene)), (line_count, dot_count), "{words}");
    }
}

#[test]
fn everything_is_on_the_picture_at_every_size() {
    let names = ["a", "a rather long name of a device · and of a stream as well", "ž🦀\u{0}<&>\""];
    let one = |index: usize, value: f64| Series {
        label: names[index % 3].repeat(1 + index / 4),
        note: (index == 2).then_some("no values yet"),
        points: vec![(AT, value), (AT + 1, -value), (AT + DAY, 1e-9), (AT + DAY, f64::MAX)],
    };
    for count in [0, 1, 3, 10] {
        let series: Vec<Series> = (0..count).map(|index| one(index, index as f64 * 1e5)).collect();
        let chart = Chart { title: names[1].repeat(5), unit: names[1].to_owned(), series };
        for (width, height) in [(200, 200), (800, 400), (200, 2000), (2000, 200)] {
            let scene = layout::scene(&chart, width, height);
            let (width, height) = (width as f32, height as f32);
            for shape in &scene.shapes {
                let points = match shape {
                    Shape::Line { points, .. } => points.clone(),
                    Shape::Dot { at, .. } => vec![*at],
                    Shape::Text(text) => vec![text.at],
                };
                for (x, y) in points {
                    let is_within = (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
                    assert!(is_within, "{count} {width}x{height}: {shape:?}");
                }
            }
        }
    }
}

#[test]
fn a_document_is_well_formed_whatever_the_names_are() {
    let mut chart = chart(&[(AT, 1.0)]);
    chart.title = "</title><script>alert(1)</script>&\u{0}\u{1b}\u{ffff}".to_owned();
    chart.series[0].label = "\" onload=\"x".to_owned();
    let svg = chart.svg(800, 400);
    assert!(
        svg.contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;</title>")
    );
    assert!(svg.contains(">&quot; onload=&quot;x</text>") && !svg.contains("<script"), "{svg}");
    assert!(!svg.contains(['\u{0}', '\u{1b}', '\u{ffff}']));
    for number in ["NaN", "inf"] {
        assert!(!svg.contains(number), "{svg}");
    }
}

#[test]
fn pixels_show_the_lines_in_their_colours_and_the_letters() {
    let mut chart = chart(&[(AT, 0.0), (AT + DAY, 1.0)]);
    chart.series.push(Series {
        label: "b".into(),
        note: None,
        points: vec![(AT, 1.0), (AT + DAY, 0.0)],
    });
    let png = chart.png(400, 300).unwrap();
    let pixels = tiny_skia::Pixmap::decode_png(&png).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (400, 300));
    let count = |red: u8, green: u8, blue: u8| {
        let same = |pixel: &&tiny_skia::PremultipliedColorU8| {
            (pixel.red(), pixel.green(), pixel.blue()) == (red, green, blue)
        };
        pixels.pixels().iter().filter(same).count()
    };
    assert!(count(0x1f, 0x6f, 0xd6) > 200, "the first line");
    assert!(count(0xe0, 0x6c, 0x00) > 200, "the second line");
    assert!(count(0x1f, 0x24, 0x33) > 50, "the title");
    assert!(count(255, 255, 255) > 100_000, "the ground");
}

#[test]
fn texts_that_are_too_long_end_in_dots() {
    let font = super::font::Font::regular();
    let long = "a name that does not fit anywhere";
    let short = font.fit(long, 12.0, 60.0);
    assert!(short.ends_with('…') && font.width(&short, 12.0) <= 60.0, "{short}");
    assert!(long.starts_with(short.trim_end_matches('…')));
    assert_eq!(font.fit("a", 12.0, 60.0), "a");
    assert_eq!(font.fit(long, 12.0, 0.0), "…");
    let scene = layout::scene(&chart(&[]), 800, 400);
    assert!(texts(&scene).iter().any(|text| text.anchor == Anchor::Middle));
}
