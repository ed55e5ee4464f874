//! Areas on the globe that a search can name.

use serde_json::Value;

use crate::api::{Shape, any_figure, any_of, request};
use crate::error::ApiError;
use crate::input::number_of;

const EARTH_KM: f64 = 6371.0;
const MILE_KM: f64 = 1.609_344;
/// Corners of a polygon at most.
const MAX_CORNERS: usize = 1000;

/// Where a device must be.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Area {
    /// Around a point, in kilometres.
    Circle { latitude: f64, longitude: f64, km: f64 },
    /// Inside these corners (latitude, longitude).
    Polygon(Vec<(f64, f64)>),
}

/// An area as it is said.
pub(super) fn shape() -> Shape {
    let point = request(&[("latitude", any_figure()), ("longitude", any_figure())]);
    let point = point.named("PointOnEarth");
    let radius = any_of(["km", "mi", "miles"].map(|unit| request(&[(unit, any_figure())])));
    let circle = request(&[("center", point.clone()), ("radius", radius)]);
    let corners = point.list_of(3, MAX_CORNERS);
    any_of([request(&[("within_circle", circle)]), request(&[("within_polygon", corners)])])
}

impl Area {
    /// Reads `{"within_circle": …}` or `{"within_polygon": […]}`.
    pub(super) fn parse(value: &Value) -> Result<Self, ApiError> {
        let area = match (value.get("within_circle"), value.get("within_polygon")) {
            (Some(circle), None) => Self::circle(circle),
            (None, Some(corners)) => Self::polygon(corners),
            _ => None,
        };
        area.ok_or_else(|| ApiError::invalid("location", "invalid"))
    }

    fn circle(value: &Value) -> Option<Self> {
        let (latitude, longitude) = point(value.get("center")?)?;
        let radius = value.get("radius")?;
        let in_unit = |unit: &str| radius.get(unit).and_then(number_of);
        let miles = || in_unit("mi").or_else(|| in_unit("miles")).map(|miles| miles * MILE_KM);
        Some(Self::Circle { latitude, longitude, km: in_unit("km").or_else(miles)? })
    }

    fn polygon(value: &Value) -> Option<Self> {
        let corners = value.as_array().filter(|list| (3..=MAX_CORNERS).contains(&list.len()))?;
        corners.iter().map(point).collect::<Option<_>>().map(Self::Polygon)
    }

    pub(super) fn has(&self, latitude: f64, longitude: f64) -> bool {
        match self {
            Self::Circle { latitude: lat, longitude: long, km } => {
                distance_km((*lat, *long), (latitude, longitude)) <= *km
            }
            Self::Polygon(corners) => {
                let next = corners.iter().cycle().skip(1);
                let crossings = corners.iter().zip(next).filter(|((y1, x1), (y2, x2))| {
                    (*y1 > latitude) != (*y2 > latitude)
                        && longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1
                });
                crossings.count() % 2 == 1
            }
        }
    }
}

fn point(value: &Value) -> Option<(f64, f64)> {
    let part = |name: &str| value.get(name).and_then(number_of);
    Some((part("latitude")?, part("longitude")?))
}

fn distance_km(one: (f64, f64), other: (f64, f64)) -> f64 {
    let (lat1, lat2) = (one.0.to_radians(), other.0.to_radians());
    let half = |difference: f64| (difference / 2.0).sin().powi(2);
    let across = half(lat2 - lat1) + lat1.cos() * lat2.cos() * half((other.1 - one.1).to_radians());
    2.0 * EARTH_KM * across.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::Area;
    use serde_json::json;

    #[test]
    fn areas_have_what_lies_in_them() {
        let prague = json!({"latitude": 50.08, "longitude": 14.42});
        for (area, brno) in [
            (json!({"within_circle": {"center": prague, "radius": {"km": 190}}}), true),
            (json!({"within_circle": {"center": prague, "radius": {"km": 180}}}), false),
            (json!({"within_circle": {"center": prague, "radius": {"mi": 118}}}), true),
            (json!({"within_circle": {"center": prague, "radius": {"miles": 100}}}), false),
            (
                json!({"within_polygon": [
                    {"latitude": 48, "longitude": 15}, {"latitude": 48, "longitude": 18},
                    {"latitude": 51, "longitude": 18}, {"latitude": 51, "longitude": 15}]}),
                true,
            ),
            (
                json!({"within_polygon": [
                    {"latitude": 48, "longitude": 15}, {"latitude": 48, "longitude": 16},
                    {"latitude": 51, "longitude": 15}]}),
                false,
            ),
        ] {
            let read = Area::parse(&area).expect("it is an area");
            assert_eq!(read.has(49.195, 16.608), brno, "{area}");
        }
        for bad in [json!({}), json!({"within_circle": {}}), json!({"within_polygon": [1, 2, 3]})] {
            assert!(Area::parse(&bad).is_err(), "{bad}");
        }
    }
}
