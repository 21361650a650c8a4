//! A planar subdivision by half-edges. It only grows by splitting edges and faces, so neighbours always share vertices
//! and nesting is true by construction.

use crate::plane::{P, ring_area};

/// What every part of a face inherits when the face is cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FaceTag {
    pub(crate) ground: Ground,
    /// Index of the urban zone plus one; 0 is countryside.
    pub(crate) zone: u16,
    pub(crate) cell: u32,
    pub(crate) village: u16,
    pub(crate) plot: Plot,
    /// The block this face was cut from.
    pub(crate) block: u32,
}

/// What lies below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    Land,
    Water,
}

/// What a block is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Plot {
    Open,
    Farm,
    Slabs,
    Towers,
    OldTown,
    Shops,
    Offices,
    Halls,
    School,
    Hospital,
    Market,
    Park,
    Port,
    /// Fish ponds.
    Ponds,
}

pub(crate) const OUTSIDE: u32 = 0;

/// The subdivision. Half-edges come in pairs: the twin of `h` is `h ^ 1`, their edge is `h >> 1`.
#[derive(Default)]
pub(crate) struct Mesh {
    pub(crate) points: Vec<P>,
    vertex_out: Vec<u32>,
    origin: Vec<u32>,
    next: Vec<u32>,
    prev: Vec<u32>,
    face: Vec<u32>,
    edge_line: Vec<u32>,
    face_start: Vec<u32>,
    pub(crate) tags: Vec<FaceTag>,
}

impl Mesh {
    /// One land face inside a counter-clockwise outline; face 0 is outside.
    pub(crate) fn of_outline(outline: &[P], tag: FaceTag, line: u32) -> Self {
        let mut mesh = Self::default();
        let count = outline.len() as u32;
        for (index, &point) in (0u32..).zip(outline) {
            mesh.points.push(point);
            mesh.vertex_out.push(index * 2);
            let (before, after) = ((index + count - 1) % count, (index + 1) % count);
            mesh.origin.extend([index, after]);
            mesh.next.extend([after * 2, before * 2 + 1]);
            mesh.prev.extend([before * 2, after * 2 + 1]);
            mesh.face.extend([1, OUTSIDE]);
            mesh.edge_line.push(line);
        }
        mesh.face_start = vec![1, 0];
        mesh.tags = vec![tag, tag];
        mesh
    }

    pub(crate) fn face_count(&self) -> u32 {
        self.face_start.len() as u32
    }

    pub(crate) fn edge_count(&self) -> u32 {
        self.edge_line.len() as u32
    }

    pub(crate) fn origin(&self, half: u32) -> u32 {
        self.origin[half as usize]
    }

    pub(crate) fn target(&self, half: u32) -> u32 {
        self.origin[(half ^ 1) as usize]
    }

    pub(crate) fn next(&self, half: u32) -> u32 {
        self.next[half as usize]
    }

    pub(crate) fn face(&self, half: u32) -> u32 {
        self.face[half as usize]
    }

    pub(crate) fn line(&self, half: u32) -> u32 {
        self.edge_line[(half >> 1) as usize]
    }

    pub(crate) fn from(&self, half: u32) -> P {
        self.points[self.origin(half) as usize]
    }

    pub(crate) fn to(&self, half: u32) -> P {
        self.points[self.target(half) as usize]
    }

    pub(crate) fn any_out(&self, vertex: u32) -> u32 {
        self.vertex_out[vertex as usize]
    }

    /// The half-edges around a face, its interior on their left.
    pub(crate) fn ring(&self, face: u32) -> Vec<u32> {
        let start = self.face_start[face as usize];
        let mut ring = vec![start];
        let mut half = self.next(start);
        while half != start {
            ring.push(half);
            half = self.next(half);
        }
        ring
    }

    pub(crate) fn ring_points(&self, face: u32) -> Vec<P> {
        self.ring(face).into_iter().map(|half| self.from(half)).collect()
    }

    pub(crate) fn area(&self, face: u32) -> f64 {
        ring_area(&self.ring_points(face))
    }

    /// The half-edges that leave a vertex, clockwise.
    pub(crate) fn outgoing(&self, vertex: u32) -> Vec<u32> {
        let start = self.any_out(vertex);
        let mut all = vec![start];
        let mut half = self.next(start ^ 1);
        while half != start {
            all.push(half);
            half = self.next(half ^ 1);
        }
        all
    }

    pub(crate) fn degree(&self, vertex: u32) -> usize {
        self.outgoing(vertex).len()
    }

    /// Puts a vertex into an edge, for both of its faces.
    pub(crate) fn split_edge(&mut self, half: u32, point: P) -> u32 {
        let twin = half ^ 1;
        let vertex = self.points.len() as u32;
        let end = self.target(half);
        self.points.push(point);
        let new = self.next.len() as u32;
        let new_twin = new + 1;
        let (after, before) = (self.next[half as usize], self.prev[twin as usize]);
        self.origin.extend([vertex, end]);
        self.next.extend([after, twin]);
        self.prev.extend([half, before]);
        self.face.extend([self.face(half), self.face(twin)]);
        self.edge_line.push(self.line(half));
        self.next[half as usize] = new;
        self.prev[after as usize] = new;
        self.next[before as usize] = new_twin;
        self.prev[twin as usize] = new_twin;
        self.origin[twin as usize] = vertex;
        self.vertex_out.push(new);
        self.vertex_out[end as usize] = new_twin;
        vertex
    }

    /// Cuts a face along a chain from the origin of half-edge `a` to the origin of `b`; the part right of the chain
    /// becomes the new face that is returned.
    pub(crate) fn split_face(&mut self, a: u32, b: u32, chain: &[P], line: u32) -> u32 {
        let face = self.face(a);
        let new_face = self.face_start.len() as u32;
        let (before_a, before_b) = (self.prev[a as usize], self.prev[b as usize]);
        let first = self.next.len() as u32;
        let (start, end) = (self.origin(a), self.origin(b));
        let count = chain.len() as u32 + 1;
        let mut from = start;
        for step in 0..count {
            let to = if step + 1 == count {
                end
            } else {
                self.points.push(chain[step as usize]);
                self.vertex_out.push(first + (step + 1) * 2);
                self.points.len() as u32 - 1
            };
            let half = first + step * 2;
            self.origin.extend([from, to]);
            self.next
                .extend([if step + 1 == count { b } else { half + 2 }, if step == 0 { a } else { half - 1 }]);
            self.prev.extend([
                if step == 0 { before_a } else { half - 2 },
                if step + 1 == count { before_b } else { half + 3 },
            ]);
            self.face.extend([face, new_face]);
            self.edge_line.push(line);
            from = to;
        }
        let last = first + (count - 1) * 2;
        self.next[before_a as usize] = first;
        self.prev[b as usize] = last;
        self.next[before_b as usize] = last + 1;
        self.prev[a as usize] = first + 1;
        self.face_start[face as usize] = first;
        self.face_start.push(a);
        self.tags.push(self.tags[face as usize]);
        let mut half = a;
        while half != last + 1 {
            self.face[half as usize] = new_face;
            half = self.next(half);
        }
        new_face
    }
}
