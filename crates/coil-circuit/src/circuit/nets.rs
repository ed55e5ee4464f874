//! What is joined to what: nodes, and islands of nodes that parts join.

use super::Fitted;
use crate::part::Element;
use crate::plan::Plan;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// Ends that wires join: they have one voltage.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) gpios: Vec<u8>,
    /// The voltage of a supply.
    pub(super) rail: Option<f64>,
    /// Parts and their pins.
    pub(super) pins: Vec<(usize, usize)>,
    /// Its island and its place there; a supply has none.
    pub(super) island: Option<(usize, usize)>,
    pub(super) volts: f64,
    /// The level; between the two it is what it was.
    pub(super) level: bool,
    /// Something holds it.
    pub(super) held: bool,
    /// Its voltage is neither high nor low.
    pub(super) between: bool,
    /// A wave goes over it, whose edges are not followed one by one.
    pub(super) wave: Option<crate::part::Square>,
}

/// An element of a part between two nodes.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) part: usize,
    pub(super) element: usize,
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) what: Element,
    /// The mean current that the part knows of.
    pub(super) amps: f64,
}

/// Nodes that elements join, supplies left out: what happens on one does nothing to another.
#[derive(Debug, Default)]
pub(super) struct Island {
    pub(super) nodes: Vec<usize>,
    pub(super) links: Vec<Link>,
    pub(super) is_dirty: bool,
}

/// Puts parts on nodes, and nodes into islands.
pub(super) fn build(plan: &Plan, parts: &mut [Fitted]) -> (Vec<Node>, Vec<Island>) {
    let mut nodes: Vec<Node> = Vec::new();
    for planned in &plan.nodes {
        for &(part, pin) in &planned.pins {
            parts[part].nodes[pin] = nodes.len();
        }
        nodes.push(Node {
            gpios: planned.gpios.clone(),
            rail: planned.rail,
            pins: planned.pins.clone(),
            volts: planned.rail.unwrap_or(0.0),
            level: planned.rail.is_some_and(|v| v > 1.0),
            held: planned.rail.is_some(),
            ..Node::default()
        });
    }
    let links = links(parts);
    let mut islands: Vec<Island> = Vec::new();
    for start in 0..nodes.len() {
        if nodes[start].rail.is_some() || nodes[start].island.is_some() {
            continue;
        }
        let mut island = Island::default();
        let mut found = alloc::vec![start];
        while let Some(node) = found.pop() {
            if nodes[node].rail.is_some() || nodes[node].island.is_some() {
                continue;
            }
            nodes[node].island = Some((islands.len(), island.nodes.len()));
            island.nodes.push(node);
            for l in links.iter().filter(|l| l.a == node || l.b == node) {
                found.push(if l.a == node { l.b } else { l.a });
            }
        }
        islands.push(island);
    }
    for link in links {
        // Between two supplies nothing can change but the current: it is an island of its own.
        let island = nodes[link.a].island.or(nodes[link.b].island);
        match island {
            Some((island, _)) => islands[island].links.push(link),
            None => islands.push(Island { links: alloc::vec![link], ..Island::default() }),
        }
    }
    (nodes, islands)
}

/// Pins of the board on one wire, which are one wire for its buses as well: neighbours of each.
pub(super) fn joined(nodes: &[Node]) -> BTreeSet<(u8, u8)> {
    nodes.iter().flat_map(|n| n.gpios.windows(2).map(|pair| (pair[0], pair[1]))).collect()
}

fn links(parts: &[Fitted]) -> Vec<Link> {
    let mut links = Vec::new();
    for (part, fitted) in parts.iter().enumerate() {
        for (element, what) in fitted.part.elements().into_iter().enumerate() {
            let (a, b) = match what {
                Element::Resistor { a, b, .. } | Element::Contact { a, b, .. } => (a, b),
                Element::Led { anode, cathode, .. } => (anode, cathode),
            };
            let [a, b] = [a, b].map(|pin| fitted.nodes[pin]);
            links.push(Link { part, element, a, b, what, amps: 0.0 });
        }
    }
    links
}
