//! Drawing again what a change reaches, zoom by zoom, and naming the rows that came out otherwise.

use std::collections::BTreeSet;

use cim_model::Collection;

use super::FULL_ZOOM;
use super::drawing::label_id;
use super::renewal::{BoundaryChange, Renewed};
use super::unit_table::{DrawnRow, UnitTable};
use crate::{LayerSource, MAX_ZOOM};

impl Renewed<'_> {
    /// Draws what differs, and takes over the rest.
    pub(super) fn draw(&self) -> Vec<BoundaryChange> {
        let mut changes: Vec<BoundaryChange> =
            (0..=FULL_ZOOM).flat_map(|zoom| self.draw_zoom(zoom)).collect();
        changes.extend(self.draw_labels());
        changes
    }

    /// Thins a zoom again; by city the arcs whose line or sides are others.
    fn thin(&self, zoom: u8) -> Vec<Vec<u32>> {
        let Some(place) = self.after.thinned.get(usize::from(zoom)) else { return self.arcs.clone() };
        let before = self.before.thinned_at(zoom);
        let thinned = before.iter().enumerate().map(|(city, known)| {
            let (new, old) = (&self.after.grounds[city], &self.before.grounds[city]);
            known.after(&old.net, &new.net, &self.arcs[city], new.tolerance_m(zoom))
        });
        let (thinned, changed): (Vec<_>, Vec<_>) = thinned.unzip();
        // It was made a moment ago and holds nothing yet.
        let _ = place.set(thinned);
        changed
    }

    /// The units of a level that may look otherwise, given the arcs whose lines differ.
    fn differing(&self, level: usize, changed: &[Vec<u32>]) -> BTreeSet<i64> {
        let mut ids = self.units[level].clone();
        for (city, arcs) in changed.iter().enumerate() {
            for (boundaries, level) in
                [(&self.after, &self.after.levels[level]), (self.before, &self.before.levels[level])]
            {
                let net = &boundaries.grounds[city].net;
                let bounded = arcs.iter().filter_map(|arc| net.arc(*arc));
                ids.extend(bounded.flat_map(|arc| level.bounded(city, arc)));
            }
        }
        ids
    }

    fn draw_zoom(&self, zoom: u8) -> Vec<BoundaryChange> {
        let thinned = self.thin(zoom);
        let mut changes = Vec::new();
        for (number, level) in self.after.levels.iter().enumerate() {
            let old = self.before.table_of(&self.before.levels[number], zoom);
            let ids = self.differing(number, &thinned);
            let drawn = |id: i64| level.place(id).map(|place| self.after.drawn_unit(level, place, zoom));
            let (table, ids) = renewed_table(old, &ids, drawn);
            // It was made a moment ago and holds nothing yet.
            let _ = level.tables[usize::from(zoom)].set(table);
            let source = LayerSource::Boundary(level.collection);
            let last = if zoom == FULL_ZOOM { MAX_ZOOM } else { zoom };
            if !ids.is_empty() {
                changes.extend((zoom..=last).map(|zoom| BoundaryChange {
                    source,
                    zoom: Some(zoom),
                    ids: ids.clone(),
                }));
            }
        }
        changes
    }

    fn draw_labels(&self) -> Option<BoundaryChange> {
        let mut table = self.before.labels().clone();
        let mut changed = Vec::new();
        for (number, level) in self.after.levels.iter().enumerate() {
            let ids = self.differing(number, &self.arcs);
            let by_label: BTreeSet<i64> = ids.iter().map(|id| label_id(level.collection, *id)).collect();
            let levels = i64::try_from(Collection::UNITS.len()).unwrap_or(1);
            let drawn = |label: i64| {
                let place = level.place(label.div_euclid(levels))?;
                self.after.drawn_label(level, place)
            };
            let (next, ids) = renewed_table(&table, &by_label, drawn);
            table = next;
            changed.extend(ids);
        }
        // It was made a moment ago and holds nothing yet.
        let _ = self.after.labels.set(table);
        changed.sort_unstable();
        (!changed.is_empty()).then_some(BoundaryChange {
            source: LayerSource::UnitLabel,
            zoom: None,
            ids: changed,
        })
    }
}

/// A table after the rows with some ids were drawn again, and the ids of those that are others now.
fn renewed_table(
    table: &UnitTable,
    ids: &BTreeSet<i64>,
    drawn: impl Fn(i64) -> Option<DrawnRow>,
) -> (UnitTable, Vec<i64>) {
    let mut rows = Vec::new();
    let mut gone = Vec::new();
    for id in ids {
        match drawn(*id) {
            Some(row) => rows.push(row),
            None if table.find(*id).is_some() => gone.push(*id),
            None => {}
        }
    }
    let next = table.with(&rows, &gone);
    let is_other = |id: &i64| match (table.find(*id), next.find(*id)) {
        (Some(old), Some(new)) => !old.is_same(new),
        (None, None) => false,
        _ => true,
    };
    let changed = ids.iter().copied().filter(is_other).collect();
    (next, changed)
}
