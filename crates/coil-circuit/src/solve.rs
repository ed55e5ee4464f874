//! Voltages and currents of a few nodes that resistors, contacts and diodes join.

use alloc::vec::Vec;

/// One end of a branch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    /// A node whose voltage is sought.
    Node(usize),
    /// A supply.
    Fixed(f64),
}

/// What joins two ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    pub(crate) a: End,
    pub(crate) b: End,
    pub(crate) ohms: f64,
    /// What falls off at a diode from `a` to `b`.
    pub(crate) diode: Option<f64>,
}

/// A voltage behind a resistance, at a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feed {
    pub(crate) node: usize,
    pub(crate) volts: f64,
    pub(crate) ohms: f64,
}

/// What was found out, and the memory that it takes.
#[derive(Debug, Default)]
pub(crate) struct Solution {
    /// By node.
    pub(crate) volts: Vec<f64>,
    /// By node: something holds it.
    pub(crate) held: Vec<bool>,
    /// By branch, from `a` to `b`.
    pub(crate) amps: Vec<f64>,
    conducts: Vec<bool>,
    matrix: Vec<f64>,
}

/// Whether a diode conducts may depend on others; after so many rounds it is left as it is.
const ROUNDS: usize = 16;
/// What keeps a node that nothing holds from having any voltage.
const LEAK: f64 = 1e-12;

impl Solution {
    /// Finds the voltages of so many nodes.
    pub(crate) fn solve(&mut self, nodes: usize, feeds: &[Feed], branches: &[Branch]) {
        self.conducts.clear();
        self.conducts.extend(branches.iter().map(|b| b.diode.is_none()));
        self.amps.clear();
        self.amps.resize(branches.len(), 0.0);
        for _ in 0..ROUNDS {
            self.eliminate(nodes, feeds, branches);
            if !self.currents(branches) {
                break;
            }
        }
        self.find_held(nodes, feeds, branches);
    }

    /// Solves the linear equations for what conducts now.
    fn eliminate(&mut self, n: usize, feeds: &[Feed], branches: &[Branch]) {
        // A row per node: conductances, and the current that flows in.
        let width = n + 1;
        self.matrix.clear();
        self.matrix.resize(n * width, 0.0);
        let m = &mut self.matrix;
        for node in 0..n {
            m[node * width + node] = LEAK;
        }
        for f in feeds {
            m[f.node * width + f.node] += 1.0 / f.ohms;
            m[f.node * width + n] += f.volts / f.ohms;
        }
        for (b, conducts) in branches.iter().zip(&self.conducts) {
            if !conducts {
                continue;
            }
            let g = 1.0 / b.ohms;
            let drop = b.diode.unwrap_or(0.0);
            for (here, there, sign) in [(b.a, b.b, 1.0), (b.b, b.a, -1.0)] {
                let End::Node(here) = here else { continue };
                m[here * width + here] += g;
                m[here * width + n] += sign * drop * g;
                match there {
                    End::Node(there) => m[here * width + there] -= g,
                    End::Fixed(volts) => m[here * width + n] += volts * g,
                }
            }
        }
        // The matrix is diagonally dominant: no pivots are needed.
        for k in 0..n {
            for row in k + 1..n {
                let factor = m[row * width + k] / m[k * width + k];
                if factor != 0.0 {
                    for column in k..width {
                        m[row * width + column] -= factor * m[k * width + column];
                    }
                }
            }
        }
        self.volts.clear();
        self.volts.resize(n, 0.0);
        for k in (0..n).rev() {
            let mut sum = m[k * width + n];
            for column in k + 1..n {
                sum -= m[k * width + column] * self.volts[column];
            }
            self.volts[k] = sum / m[k * width + k];
        }
    }

    fn at(&self, end: End) -> f64 {
        match end {
            End::Node(node) => self.volts[node],
            End::Fixed(volts) => volts,
        }
    }

    /// Finds the currents; whether a diode conducts that did not, or the other way round.
    fn currents(&mut self, branches: &[Branch]) -> bool {
        let mut changed = false;
        for (n, b) in branches.iter().enumerate() {
            let across = self.at(b.a) - self.at(b.b);
            let amps = (across - b.diode.unwrap_or(0.0)) / b.ohms;
            if b.diode.is_some() {
                let conducts = amps > 1e-9;
                changed |= conducts != self.conducts[n];
                self.conducts[n] = conducts;
            }
            self.amps[n] = if self.conducts[n] { amps } else { 0.0 };
        }
        changed
    }

    /// Finds the nodes that a supply or a source reaches.
    fn find_held(&mut self, nodes: usize, feeds: &[Feed], branches: &[Branch]) {
        self.held.clear();
        self.held.resize(nodes, false);
        for f in feeds {
            self.held[f.node] = true;
        }
        loop {
            let mut changed = false;
            for (b, conducts) in branches.iter().zip(&self.conducts) {
                if !conducts {
                    continue;
                }
                for (here, there) in [(b.a, b.b), (b.b, b.a)] {
                    let End::Node(here) = here else { continue };
                    let reaches = match there {
                        End::Node(there) => self.held[there],
                        End::Fixed(_) => true,
                    };
                    changed |= reaches && !self.held[here];
                    self.held[here] |= reaches;
                }
            }
            if !changed {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solved(nodes: usize, feeds: &[Feed], branches: &[Branch]) -> Solution {
        let mut solution = Solution::default();
        solution.solve(nodes, feeds, branches);
        solution
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-3
    }

    #[test]
    fn a_divider_divides() {
        let branches = [
            Branch { a: End::Fixed(3.3), b: End::Node(0), ohms: 1000.0, diode: None },
            Branch { a: End::Node(0), b: End::Fixed(0.0), ohms: 2000.0, diode: None },
        ];
        let s = solved(1, &[], &branches);
        assert!(near(s.volts[0], 2.2), "{s:?}");
        assert!(near(s.amps[0], 0.0011), "{s:?}");
        assert_eq!(s.held, [true]);
    }

    #[test]
    fn a_diode_lets_current_through_in_one_direction() {
        for (volts, amps) in [(3.3, (3.3 - 1.8) / 260.0), (0.0, 0.0), (1.5, 0.0)] {
            let feeds = [Feed { node: 0, volts, ohms: 40.0 }];
            let led = Branch { a: End::Node(0), b: End::Fixed(0.0), ohms: 220.0, diode: Some(1.8) };
            let s = solved(1, &feeds, &[led]);
            assert!(near(s.amps[0], amps), "{volts}: {s:?}");
        }
    }

    #[test]
    fn what_nothing_reaches_is_not_held() {
        let branches = [Branch { a: End::Node(0), b: End::Node(1), ohms: 10.0, diode: None }];
        assert_eq!(solved(2, &[], &branches).held, [false, false]);
        let feeds = [Feed { node: 1, volts: 3.3, ohms: 45_000.0 }];
        let s = solved(2, &feeds, &branches);
        assert_eq!(s.held, [true, true]);
        assert!(near(s.volts[0], 3.3), "{s:?}");
    }
}
