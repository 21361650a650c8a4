//! What keeps thinned lines from being a partition, seen from one of them.

use cim_crs::LatticePoint;

use super::bounds::Bounds;
use super::part::Drawn;
use crate::coverage::FaceId;
use crate::predicate::{compare_angles, meeting};

/// Whether a line crosses or touches one of those near it, itself included, other than at a common end.
pub(super) fn crosses_any(line: &Drawn<'_>, near: &[Drawn<'_>]) -> bool {
    near.iter().any(|other| if other.0 == line.0 { crosses_itself(line.1) } else { crosses(line.1, other.1) })
}

fn crosses_itself(line: &[LatticePoint]) -> bool {
    let segments = || line.windows(2).enumerate();
    segments().any(|(place, one)| {
        segments().skip(place + 1).any(|(_, other)| !meeting(one[0], one[1], other[0], other[1]).is_empty())
    })
}

fn crosses(line: &[LatticePoint], other: &[LatticePoint]) -> bool {
    let (Some(ours), Some(theirs)) = (Bounds::around(line), Bounds::around(other)) else { return false };
    if !ours.meets(&theirs) {
        return false;
    }
    line.windows(2).filter(|one| Bounds::around(one).is_some_and(|bounds| bounds.meets(&theirs))).any(|one| {
        other.windows(2).any(|another| !meeting(one[0], one[1], another[0], another[1]).is_empty())
    })
}

/// An arc's end at a node, as seen when leaving the node.
struct Spoke {
    arc: u32,
    towards: LatticePoint,
    left: Option<FaceId>,
    right: Option<FaceId>,
}

/// Whether faces disagree between a line and the next one around a node at one of its ends.
pub(super) fn disagrees_at_an_end(line: &Drawn<'_>, near: &[Drawn<'_>]) -> bool {
    let (first, last) = (line.1[0], line.1[line.1.len() - 1]);
    disagrees_at(first, line.0, near) || (first != last && disagrees_at(last, line.0, near))
}

fn disagrees_at(node: LatticePoint, arc: u32, near: &[Drawn<'_>]) -> bool {
    let mut spokes = Vec::with_capacity(6);
    for (arc, points, left, right) in near {
        let last = points.len() - 1;
        let (arc, left, right) = (*arc, *left, *right);
        if points[0] == node {
            spokes.push(Spoke { arc, towards: points[1], left, right });
        }
        if points[last] == node {
            spokes.push(Spoke { arc, towards: points[last - 1], left: right, right: left });
        }
    }
    spokes.sort_by(|one, other| compare_angles(node, one.towards, other.towards));
    spokes.iter().enumerate().any(|(index, spoke)| {
        let following = &spokes[(index + 1) % spokes.len()];
        if spoke.arc != arc && following.arc != arc {
            return false;
        }
        // Two spokes with the same direction lie on each other.
        let doubled = spokes.len() > 1 && compare_angles(node, spoke.towards, following.towards).is_eq();
        spoke.left != following.right || doubled
    })
}
