//! Dividing a set of faces into connected parts of about equal weight, as compact as the faces allow.

use crate::plane::P;

/// What is divided.
pub(crate) struct Pieces {
    pub(crate) weight: Vec<f64>,
    pub(crate) centre: Vec<P>,
    /// Neighbours with the length of the common border.
    pub(crate) near: Vec<Vec<(usize, f64)>>,
}

const FREE: usize = usize::MAX;

impl Pieces {
    /// Links parts that do not touch to the nearest other part, so that everything can be divided.
    fn link_islands(&mut self) {
        loop {
            let group = self.components();
            let Some(stray) = group.iter().position(|&number| number != 0) else { return };
            let mut best = (f64::MAX, 0, 0);
            for a in (0..group.len()).filter(|&at| group[at] == group[stray]) {
                for b in (0..group.len()).filter(|&at| group[at] != group[stray]) {
                    let distance = self.centre[a].distance(self.centre[b]);
                    if distance < best.0 {
                        best = (distance, a, b);
                    }
                }
            }
            self.near[best.1].push((best.2, 0.01));
            self.near[best.2].push((best.1, 0.01));
        }
    }

    fn components(&self) -> Vec<usize> {
        let mut group = vec![FREE; self.weight.len()];
        let mut count = 0;
        for start in 0..group.len() {
            if group[start] != FREE {
                continue;
            }
            let mut open = vec![start];
            group[start] = count;
            while let Some(at) = open.pop() {
                for &(other, _) in &self.near[at] {
                    if group[other] == FREE {
                        group[other] = count;
                        open.push(other);
                    }
                }
            }
            count += 1;
        }
        group
    }

    /// The part of each piece, from 0 up to but without `parts`.
    pub(crate) fn divide(mut self, parts: usize) -> Vec<usize> {
        self.link_islands();
        let count = self.weight.len();
        let parts = parts.clamp(1, count);
        let mut part = vec![FREE; count];
        for number in 0..parts {
            let rest: Vec<usize> = (0..count).filter(|&at| part[at] == FREE).collect();
            let left = parts - number;
            if left == 1 {
                for at in rest {
                    part[at] = number;
                }
                break;
            }
            let total: f64 = rest.iter().map(|&at| self.weight[at]).sum();
            if !rest.is_empty() {
                let most = rest.len().saturating_sub(left - 1).max(1);
                self.peel(&rest, total / left as f64, most, number, &mut part);
            }
        }
        self.fill_empty(&mut part, parts);
        for _ in 0..6 {
            if !self.level(&mut part, parts) {
                break;
            }
        }
        part
    }

    /// Gives every part that got nothing a piece of the heaviest part that can spare one.
    fn fill_empty(&self, part: &mut [usize], parts: usize) {
        loop {
            let mut weight = vec![0.0; parts];
            let mut members = vec![0usize; parts];
            for (at, &number) in part.iter().enumerate() {
                weight[number] += self.weight[at];
                members[number] += 1;
            }
            let Some(empty) = members.iter().position(|&count| count == 0) else { return };
            let mut pieces: Vec<usize> = (0..part.len()).filter(|&at| members[part[at]] > 1).collect();
            pieces.sort_by(|&a, &b| {
                weight[part[b]].total_cmp(&weight[part[a]]).then(self.weight[b].total_cmp(&self.weight[a]))
            });
            let Some(&piece) =
                pieces.iter().find(|&&at| self.hangs_together_without(part, at)).or(pieces.first())
            else {
                return;
            };
            part[piece] = empty;
        }
    }

    /// Grows one part from the rim of what is left.
    fn peel(&self, rest: &[usize], target: f64, most: usize, number: usize, part: &mut [usize]) {
        let middle =
            rest.iter().fold(P::default(), |sum, &at| sum + self.centre[at]) * (1.0 / rest.len() as f64);
        let far = |at: usize| self.centre[at].distance(middle);
        let Some(start) = rest.iter().copied().max_by(|&a, &b| far(a).total_cmp(&far(b))) else { return };
        let mut members = vec![start];
        part[start] = number;
        let mut weight = self.weight[start];
        let mut heart = self.centre[start];
        while members.len() < most {
            let mut best: Option<(f64, usize)> = None;
            for &member in &members {
                for &(other, _) in &self.near[member] {
                    if part[other] != FREE {
                        continue;
                    }
                    let (mut shared, mut all) = (0.0, 0.001);
                    for &(third, length) in &self.near[other] {
                        if part[third] == number {
                            shared += length;
                        }
                        if part[third] == number || part[third] == FREE {
                            all += length;
                        }
                    }
                    let score = self.centre[other].distance(heart) * (1.3 - shared / all);
                    if best.is_none_or(|(least, _)| score < least) {
                        best = Some((score, other));
                    }
                }
            }
            let Some((_, next)) = best else { break };
            let after = weight + self.weight[next];
            if after > target && after - target > target - weight {
                break;
            }
            part[next] = number;
            members.push(next);
            weight = after;
            heart = members.iter().fold(P::default(), |sum, &at| sum + self.centre[at])
                * (1.0 / members.len() as f64);
        }
        self.absorb_cut_off(rest, number, part);
    }

    /// What the new part cuts off from the largest rest joins the part.
    fn absorb_cut_off(&self, rest: &[usize], number: usize, part: &mut [usize]) {
        let mut group = vec![FREE; part.len()];
        let mut sizes: Vec<f64> = Vec::new();
        for &start in rest {
            if part[start] != FREE || group[start] != FREE {
                continue;
            }
            let mut open = vec![start];
            group[start] = sizes.len();
            let mut size = 0.0;
            while let Some(at) = open.pop() {
                size += self.weight[at] + 0.01;
                for &(other, _) in &self.near[at] {
                    if part[other] == FREE && group[other] == FREE {
                        group[other] = sizes.len();
                        open.push(other);
                    }
                }
            }
            sizes.push(size);
        }
        let largest = (0..sizes.len()).max_by(|&a, &b| sizes[a].total_cmp(&sizes[b]));
        for &at in rest {
            if part[at] == FREE && Some(group[at]) != largest {
                part[at] = number;
            }
        }
    }

    /// Moves pieces from heavy parts to lighter neighbours; answers whether anything moved.
    fn level(&self, part: &mut [usize], parts: usize) -> bool {
        let mut weight = vec![0.0; parts];
        let mut members = vec![0usize; parts];
        for (at, &number) in part.iter().enumerate() {
            weight[number] += self.weight[at];
            members[number] += 1;
        }
        let mut moved = false;
        for at in 0..part.len() {
            let from = part[at];
            if members[from] < 2 {
                continue;
            }
            let mut border = vec![0.0; parts];
            for &(other, length) in &self.near[at] {
                border[part[other]] += length;
            }
            let mut best: Option<(f64, usize)> = None;
            for &(other, _) in &self.near[at] {
                let to = part[other];
                let before = weight[from] - weight[to];
                let after = (weight[from] - self.weight[at]) - (weight[to] + self.weight[at]);
                let gain = before.abs() - after.abs();
                // Nothing moves along a short border: parts stay round.
                let round = border[to] > 1.0 && border[to] >= border[from] * 0.55;
                if to != from && round && gain > 1.0 && best.is_none_or(|(most, _)| gain > most) {
                    best = Some((gain, to));
                }
            }
            if let Some((_, to)) = best
                && self.hangs_together_without(part, at)
            {
                weight[from] -= self.weight[at];
                weight[to] += self.weight[at];
                members[from] -= 1;
                members[to] += 1;
                part[at] = to;
                moved = true;
            }
        }
        moved
    }

    fn hangs_together_without(&self, part: &[usize], piece: usize) -> bool {
        let number = part[piece];
        let mut seen = vec![false; part.len()];
        let Some(start) =
            self.near[piece].iter().map(|&(other, _)| other).find(|&other| part[other] == number)
        else {
            return false;
        };
        seen[start] = true;
        let mut open = vec![start];
        let mut reached = 1;
        while let Some(at) = open.pop() {
            for &(other, _) in &self.near[at] {
                if other != piece && part[other] == number && !seen[other] {
                    seen[other] = true;
                    reached += 1;
                    open.push(other);
                }
            }
        }
        reached + 1 == part.iter().filter(|&&other| other == number).count()
    }
}
