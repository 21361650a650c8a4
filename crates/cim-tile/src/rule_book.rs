//! The rules of all tilesets in words: docs/TILES.md is written from the definitions, so that it cannot say anything else.

use std::fmt::Write;

use crate::definition::{AttributeRule, Layer, LayerSource, Tileset};
use crate::rules::Priority;
use crate::{BUFFER, EXTENT, Tally};

const OPENING: &str = "# What the tiles show

Written from `tiles/*.toml` by `cargo run -p cim-tile --example rule_book`; a test fails when this page says something else.
The same rules are in each tileset's TileJSON: `budget`, and `rules` of every layer. Nothing is left out by any other rule, and
a response says in `x-cim-dropped` how many features its limits and its budget left out.

A tile has EXTENT steps a side and a buffer of BUFFER steps; a map of 512-pixel tiles shows 8 steps a pixel.

- **Order.** Features stand by the layer's priority, then by id; when there are too many, the last are left out.
- **Budget.** A tile never has more bytes than its tileset allows, before any packing. Where it would, its layers are drawn
  again in the order of importance, and each takes what room the ones before it left: the first feature that does not fit and
  all after it are left out.
- **Clusters.** The world is cut into square cells. A cell with one row shows the row itself. A cell with more shows one point
  at the mean of their places, with `cluster = true`, `point_count`, the counts by state, and the smallest id of its rows as its
  own; it stands where the first of them would. It depends on the rows alone, so all tiles that show it agree.
- **Blocks.** Areas below the published size are put into the square cell that holds their middle. Cells of which they cover a
  quarter or more are drawn with `block = true`, all cells of one height (whole floors of 3 m) as one feature, whose id is 2^52
  and the number of its class; cells that touch only at a corner are rings of their own.
- **Counts.** Rows are counted by the unit that covers them and shown at its label point; units without any are left out.
- **Borders.** Boundaries are simplified once for each arc, so neighbours share the same line in every tile.
";

/// The page: rules that hold for all tilesets, then every tileset with its layers.
#[must_use]
pub fn rule_book(tilesets: &[Tileset]) -> String {
    let opening = OPENING.replace("EXTENT", &EXTENT.to_string()).replace("BUFFER", &BUFFER.to_string());
    let mut page = opening;
    for tileset in tilesets {
        add_tileset(&mut page, tileset);
    }
    page
}

fn add_tileset(page: &mut String, tileset: &Tileset) {
    let Tileset { name, description, max_zoom, max_bytes, .. } = tileset;
    let importance = tileset.importance.join("`, `");
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "\n## `{name}`\n\n{description}. Zoom {} to {max_zoom}. At most {max_bytes} bytes a tile; by importance: `{importance}`.\n",
        tileset.min_zoom()
    );
    for layer in &tileset.layers {
        let last = layer.max_zoom.min(*max_zoom);
        let _ = write!(
            page,
            "\n### `{}`\n\n{}. Zoom {} to {last}.\n\n",
            layer.id, layer.description, layer.min_zoom
        );
        for line in layer_rules(layer) {
            let _ = writeln!(page, "- {line}");
        }
        let _ = writeln!(page, "- Attributes: {}.", attributes(layer));
    }
}

fn by_zoom<'a, V: 'a>(zooms: impl IntoIterator<Item = (&'a u8, V)>, shown: impl Fn(V) -> String) -> String {
    let parts = zooms.into_iter().map(|(zoom, value)| format!("z{zoom} {}", shown(value)));
    parts.collect::<Vec<_>>().join(", ")
}

fn layer_rules(layer: &Layer) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(by) = &layer.first_zoom_by {
        let words = by.zooms.iter().map(|(word, zoom)| format!("`{word}` z{zoom}")).collect::<Vec<_>>();
        lines.push(format!("First zoom by `{}`: {}.", by.field, words.join(", ")));
    }
    if let Some(field) = &layer.needs {
        lines.push(format!("Only rows with `{field}`."));
    }
    if layer.as_point {
        lines.push("Areas and lines as one point inside them.".to_owned());
    }
    if let Some(rule) = layer.simplify {
        lines.push(format!("Lines keep within {} steps of their course to z{}.", rule.steps, rule.max_zoom));
    }
    if !layer.min_area_m2.is_empty() {
        lines.push(format!("Least area: {}.", by_zoom(&layer.min_area_m2, |area| format!("{area} m²"))));
    }
    if !layer.merge.is_empty() {
        let cells = by_zoom(&layer.merge, |rule| format!("{} steps", rule.cell_steps));
        lines.push(format!("What is smaller is merged into blocks; cells: {cells}."));
    }
    if let Some(rule) = layer.cluster {
        let apart = if rule.done_apart { "; work that is done makes clusters of its own" } else { "" };
        let cells = rule.cell_steps;
        lines.push(format!("Clusters to z{}, cells of {cells} steps{apart}.", rule.max_zoom));
    }
    if !layer.count_levels.is_empty() {
        let levels = by_zoom(&layer.count_levels, |level| format!("`{}`", level.name()));
        lines.push(format!("Counted by the units of a level, from {levels}."));
    }
    lines.push(match layer.priority {
        Priority::Id => "Order: by id.".to_owned(),
        Priority::Work => "Order: overdue work, open work, what is done; the newest first.".to_owned(),
        Priority::Largest => "Order: the largest first.".to_owned(),
    });
    lines.extend(layer.limit.map(|limit| format!("At most {limit} features.")));
    lines
}

fn attributes(layer: &Layer) -> String {
    let shown = layer.attributes.iter().map(|attribute| {
        let from = if attribute.min_zoom > layer.min_zoom {
            format!(" (z{})", attribute.min_zoom)
        } else {
            String::new()
        };
        let rule = match attribute.rule {
            AttributeRule::Field => "",
            AttributeRule::BreakName => ": with a line break where a reader would put one",
            AttributeRule::Height => ": measured, else 3 m a floor",
            AttributeRule::HeightAssumed => ": whether it was not measured",
            AttributeRule::Overdue => ": open past its due time",
            AttributeRule::DueSoon => ": open and due within a day",
        };
        format!("`{}`{from}{rule}", attribute.name)
    });
    let mut all: Vec<String> = shown.collect();
    if let (Some(_), LayerSource::Collection(collection)) = (layer.cluster, layer.source) {
        let states = Tally::names(collection).iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        all.push(format!("of clusters `cluster`, `point_count`, {}", states.join(", ")));
    }
    if !layer.merge.is_empty() {
        all.push("of blocks `block`".to_owned());
    }
    all.join("; ")
}
