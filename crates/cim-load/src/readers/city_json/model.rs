//! The parts of a CityJSON document that footprints and heights need.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A document, a heading or a feature: all have the same members.
#[derive(Deserialize)]
pub(super) struct CityModel {
    #[serde(rename = "CityObjects", default)]
    pub(super) objects: BTreeMap<String, CityObject>,
    #[serde(default)]
    pub(super) vertices: Vec<[f64; 3]>,
    pub(super) transform: Option<Transform>,
    pub(super) metadata: Option<Metadata>,
}

#[derive(Deserialize)]
pub(super) struct Metadata {
    #[serde(rename = "referenceSystem")]
    pub(super) reference_system: Option<String>,
}

/// Vertices are whole numbers to be scaled and moved.
#[derive(Deserialize, Clone, Copy)]
pub(super) struct Transform {
    pub(super) scale: [f64; 3],
    pub(super) translate: [f64; 3],
}

impl Default for Transform {
    fn default() -> Self {
        Self { scale: [1.0; 3], translate: [0.0; 3] }
    }
}

impl Transform {
    pub(super) fn apply(&self, vertex: [f64; 3]) -> [f64; 3] {
        std::array::from_fn(|axis| vertex[axis] * self.scale[axis] + self.translate[axis])
    }
}

#[derive(Deserialize)]
pub(super) struct CityObject {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) attributes: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    pub(super) geometry: Vec<Solid>,
    #[serde(default)]
    pub(super) parents: Vec<String>,
    #[serde(default)]
    pub(super) children: Vec<String>,
}

/// One geometry of an object.
#[derive(Deserialize)]
pub(super) struct Solid {
    #[serde(default)]
    pub(super) lod: serde_json::Value,
    #[serde(default)]
    pub(super) boundaries: Tree,
    pub(super) semantics: Option<Semantics>,
}

#[derive(Deserialize)]
pub(super) struct Semantics {
    #[serde(default)]
    pub(super) values: Tree,
    #[serde(default)]
    pub(super) surfaces: Vec<SurfaceKind>,
}

#[derive(Deserialize)]
pub(super) struct SurfaceKind {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// Numbers nested to any depth.
#[derive(Deserialize, Default)]
#[serde(untagged)]
pub(super) enum Tree {
    Number(usize),
    List(Vec<Tree>),
    #[default]
    Nothing,
}

/// A surface: its rings of vertex numbers and what it is.
pub(super) struct Surface<'m> {
    pub(super) rings: Vec<Vec<usize>>,
    pub(super) kind: Option<&'m str>,
}

impl CityModel {
    /// An object with all its parts; a part that names its own ancestor as a part is met once.
    pub(super) fn with_parts<'m>(&'m self, id: &'m str) -> Vec<&'m CityObject> {
        let mut seen: Vec<&str> = vec![id];
        let mut next = 0;
        while next < seen.len() {
            if let Some(object) = self.objects.get(seen[next]) {
                for child in &object.children {
                    if !seen.contains(&child.as_str()) {
                        seen.push(child);
                    }
                }
            }
            next += 1;
        }
        seen.iter().filter_map(|id| self.objects.get(*id)).collect()
    }
}

impl Solid {
    /// Whether its level of detail is 0: footprints and roof edges.
    pub(super) fn is_flat(&self) -> bool {
        match &self.lod {
            serde_json::Value::String(text) => text.starts_with('0'),
            serde_json::Value::Number(number) => number.as_f64().is_some_and(|lod| lod < 1.0),
            _ => false,
        }
    }

    /// All surfaces, however deep in shells and solids.
    pub(super) fn surfaces(&self) -> Vec<Surface<'_>> {
        let mut surfaces = Vec::new();
        let values = self.semantics.as_ref().map(|semantics| &semantics.values);
        self.gather(&self.boundaries, values, &mut surfaces);
        surfaces
    }

    fn gather<'m>(&'m self, tree: &'m Tree, values: Option<&'m Tree>, surfaces: &mut Vec<Surface<'m>>) {
        let Tree::List(items) = tree else { return };
        if depth(tree) == 2 {
            let kind = match (values, &self.semantics) {
                (Some(Tree::Number(place)), Some(semantics)) => {
                    semantics.surfaces.get(*place).map(|surface| surface.kind.as_str())
                }
                _ => None,
            };
            surfaces.push(Surface { rings: items.iter().map(numbers).collect(), kind });
            return;
        }
        for (place, item) in items.iter().enumerate() {
            let inner = match values {
                Some(Tree::List(values)) => values.get(place),
                _ => None,
            };
            self.gather(item, inner, surfaces);
        }
    }
}

fn depth(tree: &Tree) -> usize {
    match tree {
        Tree::List(items) => 1 + items.first().map_or(0, depth),
        Tree::Number(_) | Tree::Nothing => 0,
    }
}

fn numbers(tree: &Tree) -> Vec<usize> {
    match tree {
        Tree::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Tree::Number(number) => Some(*number),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
