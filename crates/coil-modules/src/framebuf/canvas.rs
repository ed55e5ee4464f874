//! Pixels in a buffer: how each format stores them, and what is drawn with them.

use super::font::columns;
use alloc::vec::Vec;

pub(super) const MVLSB: i64 = 0;
pub(super) const RGB565: i64 = 1;
pub(super) const GS4_HMSB: i64 = 2;
pub(super) const MHLSB: i64 = 3;
pub(super) const MHMSB: i64 = 4;
pub(super) const GS2_HMSB: i64 = 5;
pub(super) const GS8: i64 = 6;

/// Size, stride in pixels, format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) stride: i64,
    pub(super) format: i64,
}

/// Where a pixel is: byte, shift and mask; a pixel of two bytes has the mask `0xffff`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) byte: usize,
    pub(super) shift: u32,
    pub(super) mask: u32,
}

impl Shape {
    /// The shape that these arguments describe, and how many bytes it needs; nothing if they are
    /// no shape. The format must be known.
    pub(super) fn new(width: i64, height: i64, format: i64, stride: i64) -> Option<(Self, usize)> {
        if width < 1
            || height < 1
            || width > 0xffff
            || height > 0xffff
            || stride > 0xffff
            || stride < width
        {
            return None;
        }
        let (mut stride, mut columns, mut rows, mut full) = (stride, width, height, height - 1);
        let mut bits = 1;
        let up = |n: i64, to: i64| (n + to - 1) / to * to;
        match format {
            MVLSB => {
                rows = up(height, 8);
                full = rows - 8;
            }
            MHLSB | MHMSB => (stride, columns) = (up(stride, 8), up(width, 8)),
            GS2_HMSB => (stride, columns, bits) = (up(stride, 4), up(width, 4), 2),
            GS4_HMSB => (stride, columns, bits) = (up(stride, 2), up(width, 2), 4),
            GS8 => bits = 8,
            _ => bits = 16,
        }
        let need = (full * stride + (rows - full) * columns) * bits / 8;
        Some((Self { width, height, stride, format }, need as usize))
    }

    /// Where a pixel is; it must be inside.
    pub(super) fn place(self, x: i64, y: i64) -> Place {
        let i = x + y * self.stride;
        let (byte, shift, mask) = match self.format {
            MVLSB => (x + (y >> 3) * self.stride, y & 7, 1),
            MHLSB => (i >> 3, 7 - (x & 7), 1),
            MHMSB => (i >> 3, x & 7, 1),
            GS2_HMSB => (i >> 2, (x & 3) * 2, 3),
            GS4_HMSB => (i >> 1, if x & 1 == 0 { 4 } else { 0 }, 15),
            GS8 => (i, 0, 0xff),
            _ => (2 * i, 0, 0xffff),
        };
        Place { byte: byte as usize, shift: shift as u32, mask }
    }

    pub(super) fn has(self, x: i64, y: i64) -> bool {
        (0..self.width).contains(&x) && (0..self.height).contains(&y)
    }

    /// A colour as the bits of a pixel.
    pub(super) fn bits(self, colour: i64) -> u32 {
        match self.format {
            MVLSB | MHLSB | MHMSB => u32::from(colour as u32 != 0),
            _ => colour as u32,
        }
    }
}

/// A copy of a buffer that is drawn into.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) shape: Shape,
    pub(super) bytes: Vec<u8>,
}

impl Canvas {
    /// A pixel; what lies outside is zero.
    pub(super) fn get(&self, x: i64, y: i64) -> u32 {
        if x < 0 || y < 0 {
            return 0;
        }
        let p = self.shape.place(x, y);
        let byte = |i: usize| u32::from(self.bytes.get(i).copied().unwrap_or(0));
        if p.mask == 0xffff {
            return byte(p.byte) | byte(p.byte + 1) << 8;
        }
        byte(p.byte) >> p.shift & p.mask
    }

    /// Sets a pixel that is inside.
    pub(super) fn set(&mut self, x: i64, y: i64, colour: i64) {
        let p = self.shape.place(x, y);
        let bits = self.shape.bits(colour);
        if p.mask == 0xffff {
            if let Some(b) = self.bytes.get_mut(p.byte..p.byte + 2) {
                b.copy_from_slice(&(bits as u16).to_le_bytes());
            }
        } else if let Some(b) = self.bytes.get_mut(p.byte) {
            *b = *b & !(p.mask << p.shift) as u8 | ((bits & p.mask) << p.shift) as u8;
        }
    }

    /// Sets a pixel if it is inside.
    pub(super) fn dot(&mut self, x: i64, y: i64, colour: i64) {
        if self.shape.has(x, y) {
            self.set(x, y, colour);
        }
    }

    pub(super) fn fill_rect(&mut self, x: i64, y: i64, w: i64, h: i64, colour: i64) {
        let (x_end, y_end) = ((x + w).min(self.shape.width), (y + h).min(self.shape.height));
        for y in y.max(0)..y_end {
            for x in x.max(0)..x_end {
                self.set(x, y, colour);
            }
        }
    }

    pub(super) fn rect(&mut self, x: i64, y: i64, w: i64, h: i64, colour: i64) {
        self.fill_rect(x, y, w, 1, colour);
        self.fill_rect(x, y + h - 1, w, 1, colour);
        self.fill_rect(x, y, 1, h, colour);
        self.fill_rect(x + w - 1, y, 1, h, colour);
    }

    /// A line by Bresenham's method; the part outside is not walked.
    pub(super) fn line(&mut self, x1: i64, y1: i64, x2: i64, y2: i64, colour: i64) {
        let (end_x, end_y) = (x2, y2);
        let (mut dx, mut dy) = ((x2 - x1).abs(), (y2 - y1).abs());
        let (mut sx, mut sy) = (if x2 > x1 { 1 } else { -1 }, if y2 > y1 { 1 } else { -1 });
        let steep = dy > dx;
        // From here on, x is the axis along which every step goes.
        let (mut x, mut y, mut limit) = (x1, y1, self.shape.width);
        if steep {
            (x, y, dx, dy, sx, sy, limit) = (y, x, dy, dx, sy, sx, self.shape.height);
        }
        let mut e = 2 * dy - dx;
        let skip = if sx > 0 { -x } else { x - (limit - 1) }.clamp(0, dx);
        if skip > 0 {
            let v = e + 2 * dy * (skip - 1);
            let m = v.div_euclid(2 * dx) + 1;
            y += sy * m;
            e = v - 2 * dx * m + 2 * dy;
            x += sx * skip;
        }
        for _ in skip..dx {
            if !(0..limit).contains(&x) {
                break;
            }
            if steep {
                self.dot(y, x, colour);
            } else {
                self.dot(x, y, colour);
            }
            while e >= 0 {
                y += sy;
                e -= 2 * dx;
            }
            x += sx;
            e += 2 * dy;
        }
        self.dot(end_x, end_y, colour);
    }

    fn ellipse_points(&mut self, (cx, cy): (i64, i64), x: i64, y: i64, colour: i64, mask: i64) {
        for (quadrant, sx, sy) in [(1, 1, -1), (2, -1, -1), (4, -1, 1), (8, 1, 1)] {
            if mask & quadrant == 0 {
                continue;
            }
            if mask & FILL != 0 {
                self.fill_rect(if sx > 0 { cx } else { cx - x }, cy + sy * y, x + 1, 1, colour);
            } else {
                self.dot(cx + sx * x, cy + sy * y, colour);
            }
        }
    }

    /// An ellipse, or the quadrants in the mask.
    pub(super) fn ellipse(&mut self, centre: (i64, i64), rx: i64, ry: i64, colour: i64, mask: i64) {
        if rx == 0 && ry == 0 {
            if mask & QUADRANTS != 0 {
                self.dot(centre.0, centre.1, colour);
            }
            return;
        }
        // Larger ones overflow on the device.
        let (rx, ry) = (rx.clamp(-RADIUS_MAX, RADIUS_MAX), ry.clamp(-RADIUS_MAX, RADIUS_MAX));
        let (a2, b2) = (2 * rx * rx, 2 * ry * ry);
        let (mut x, mut y, mut error) = (rx, 0, 0);
        let (mut x_change, mut y_change) = (ry * ry * (1 - 2 * rx), rx * rx);
        let (mut stop_x, mut stop_y) = (b2 * rx, 0);
        while stop_x >= stop_y {
            self.ellipse_points(centre, x, y, colour, mask);
            y += 1;
            stop_y += a2;
            error += y_change;
            y_change += a2;
            if 2 * error + x_change > 0 {
                x -= 1;
                stop_x -= b2;
                error += x_change;
                x_change += b2;
            }
            if y > RADIUS_MAX + 1 {
                break;
            }
        }
        (x, y, error) = (0, ry, 0);
        (x_change, y_change) = (ry * ry, rx * rx * (1 - 2 * ry));
        (stop_x, stop_y) = (0, a2 * ry);
        while stop_x <= stop_y {
            self.ellipse_points(centre, x, y, colour, mask);
            x += 1;
            stop_x += b2;
            error += x_change;
            x_change += b2;
            if 2 * error + y_change > 0 {
                y -= 1;
                stop_y -= a2;
                error += y_change;
                y_change += a2;
            }
            if x > RADIUS_MAX + 1 {
                break;
            }
        }
    }

    /// The outline of a polygon.
    pub(super) fn outline(&mut self, x: i64, y: i64, points: &[(i64, i64)], colour: i64) {
        let Some(&(mut from)) = points.first() else { return };
        for &to in points.iter().rev() {
            self.line(x + from.0, y + from.1, x + to.0, y + to.1, colour);
            from = to;
        }
    }

    /// A polygon, filled line by line between its edges.
    pub(super) fn polygon(&mut self, x: i64, y: i64, points: &[(i64, i64)], colour: i64) {
        let low = points.iter().map(|p| p.1).min().unwrap_or(0).max(-y);
        let high = points.iter().map(|p| p.1).max().unwrap_or(-1).min(self.shape.height - 1 - y);
        for row in low..=high {
            let mut nodes = self.crossings(x, y, points, row, colour);
            nodes.sort_unstable();
            for pair in nodes.chunks_exact(2) {
                self.fill_rect(x + pair[0], y + row, pair[1] - pair[0] + 1, 1, colour);
            }
        }
    }

    /// Where edges cross a line; what the crossings would miss at the lowest points is drawn here.
    fn crossings(
        &mut self,
        x: i64,
        y: i64,
        points: &[(i64, i64)],
        row: i64,
        colour: i64,
    ) -> Vec<i64> {
        let mut nodes = Vec::new();
        let Some(&(mut px1, mut py1)) = points.first() else { return nodes };
        for &(px2, py2) in points.iter().rev() {
            if py1 != py2 && ((py1 > row && py2 <= row) || (py1 <= row && py2 > row)) {
                let wide = |n: i64| i128::from(n);
                let slope = 32 * wide(px2 - px1) * wide(row - py1) / wide(py2 - py1);
                nodes.push(((32 * wide(px1) + slope + 16) / 32) as i64);
            } else if row == py1.max(py2) {
                match py1.cmp(&py2) {
                    core::cmp::Ordering::Less => self.dot(x + px2, y + py2, colour),
                    core::cmp::Ordering::Greater => self.dot(x + px1, y + py1, colour),
                    core::cmp::Ordering::Equal => {
                        self.line(x + px1, y + py1, x + px2, y + py2, colour);
                    }
                }
            }
            (px1, py1) = (px2, py2);
        }
        nodes
    }

    pub(super) fn scroll(&mut self, dx: i64, dy: i64) {
        let Shape { width, height, .. } = self.shape;
        if dx.abs() >= width || dy.abs() >= height {
            return;
        }
        for j in 0..height - dy.abs() {
            let y = if dy < 0 { j } else { height - 1 - j };
            for i in 0..width - dx.abs() {
                let x = if dx < 0 { i } else { width - 1 - i };
                let v = self.get(x - dx, y - dy);
                self.set(x, y, i64::from(v));
            }
        }
    }

    pub(super) fn text(&mut self, text: &[u8], mut x: i64, y: i64, colour: i64) {
        for &c in text {
            for column in columns(c) {
                for row in (0..8).filter(|row| column >> row & 1 != 0) {
                    self.dot(x, y + row, colour);
                }
                x += 1;
            }
        }
    }

    /// Another picture on top of this one, but for the pixels of one colour.
    pub(super) fn blit(&mut self, from: &Self, x: i64, y: i64, key: i64, palette: Option<&Self>) {
        let y_end = self.shape.height.min(y + from.shape.height);
        let x_end = self.shape.width.min(x + from.shape.width);
        for to_y in y.max(0)..y_end {
            for to_x in x.max(0)..x_end {
                let mut v = from.get(to_x - x, to_y - y);
                if let Some(p) = palette {
                    v = p.get(i64::from(v), 0);
                }
                if v != key as u32 {
                    self.set(to_x, to_y, i64::from(v));
                }
            }
        }
    }
}

/// All four quadrants of an ellipse.
pub(super) const QUADRANTS: i64 = 15;
/// An ellipse is filled.
pub(super) const FILL: i64 = 16;
const RADIUS_MAX: i64 = 1 << 16;
