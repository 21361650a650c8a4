//! What an archive says about itself.

use serde_json::{Value, json};

/// A tileset in an archive, as a map client must know it.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// The tileset's name.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// Whom a map must name.
    pub attribution: String,
    /// The `vector_layers` of `TileJSON`: every layer with its zooms and fields.
    pub vector_layers: Vec<Value>,
    /// The first zoom.
    pub min_zoom: u8,
    /// The last zoom.
    pub max_zoom: u8,
    /// West, south, east, north in degrees, WGS 84.
    pub bounds: [f64; 4],
}

impl Description {
    /// The same, its layers held to its zooms: a layer that begins beyond the last zoom is not in the archive.
    #[must_use]
    pub fn within_zooms(mut self) -> Self {
        let (first, last) = (u64::from(self.min_zoom), u64::from(self.max_zoom));
        let zoom = |layer: &Value, name: &str, otherwise| {
            layer.get(name).and_then(Value::as_u64).unwrap_or(otherwise)
        };
        self.vector_layers
            .retain(|layer| zoom(layer, "minzoom", first) <= last && zoom(layer, "maxzoom", last) >= first);
        for layer in &mut self.vector_layers {
            let (from, to) =
                (zoom(layer, "minzoom", first).max(first), zoom(layer, "maxzoom", last).min(last));
            if let Some(object) = layer.as_object_mut() {
                object.insert("minzoom".to_owned(), json!(from));
                object.insert("maxzoom".to_owned(), json!(to));
            }
        }
        self
    }

    /// Where a map opens: the middle of the bounds.
    pub(crate) fn center(&self) -> (f64, f64) {
        let [west, south, east, north] = self.bounds;
        (f64::midpoint(west, east), f64::midpoint(south, north))
    }

    /// The zoom at which a map opens.
    pub(crate) fn center_zoom(&self) -> u8 {
        9.clamp(self.min_zoom, self.max_zoom)
    }

    /// The metadata of a `PMTiles` file.
    pub(crate) fn metadata(&self) -> String {
        json!({
            "name": self.name,
            "description": self.description,
            "attribution": self.attribution,
            "type": "overlay",
            "version": "1.0.0",
            "vector_layers": self.vector_layers,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_held_to_the_zooms_of_the_archive() {
        let layer = |id: &str, from: u8, to: u8| json!({ "id": id, "minzoom": from, "maxzoom": to });
        let description = Description {
            name: "building".to_owned(),
            description: String::new(),
            attribution: String::new(),
            vector_layers: vec![layer("count", 8, 12), layer("building", 13, 17), layer("label", 17, 17)],
            min_zoom: 13,
            max_zoom: 15,
            bounds: [121.0, 31.0, 122.0, 32.0],
        };
        let within = description.within_zooms();
        assert_eq!(within.vector_layers, [layer("building", 13, 15)]);
        assert_eq!(within.center_zoom(), 13);
    }
}
