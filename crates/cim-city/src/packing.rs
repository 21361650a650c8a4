//! Packing tiles for the way: one compressor of each kind at a time for each thread that packs, used again and again.

use std::io;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use crate::Encoding;

/// How hard each encoding tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackingLevels {
    /// libdeflate's level, 0 to 12.
    pub gzip: i32,
    /// Brotli's quality, 0 to 11.
    pub brotli: u8,
    /// Zstandard's level, below zero for its fast ones, to 22.
    pub zstd: i32,
}

impl Default for PackingLevels {
    /// What `benches/pack_a_tile.rs` found best for tiles that are packed when they are asked for.
    fn default() -> Self {
        Self { gzip: 1, brotli: 2, zstd: 1 }
    }
}

/// Packs tiles. A compressor costs more to make than a small tile to pack, so they are kept.
pub struct Packers {
    levels: PackingLevels,
    idle: Mutex<Vec<Packer>>,
}

struct Packer {
    gzip: libdeflater::Compressor,
    brotli: mbrotli::Compressor,
    zstd: zstd::bulk::Compressor<'static>,
    /// The longest tile so far would fit.
    buffer: Vec<u8>,
}

impl Packers {
    /// Packers that try so hard.
    #[must_use]
    pub fn new(levels: PackingLevels) -> Self {
        Self { levels, idle: Mutex::default() }
    }

    /// The tile in an encoding, without a byte of memory beyond its length.
    pub fn pack(&self, plain: Vec<u8>, encoding: Encoding) -> io::Result<Bytes> {
        if encoding == Encoding::Identity {
            return Ok(plain.into_boxed_slice().into());
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut packer = idle.map_or_else(|| Packer::new(self.levels), Ok)?;
        let length = match encoding {
            Encoding::Identity | Encoding::Gzip => packer.gzip(&plain),
            Encoding::Brotli => packer.brotli(&plain),
            Encoding::Zstd => packer.zstd(&plain),
        };
        let bytes = length.map(|length| Bytes::copy_from_slice(&packer.buffer[..length]));
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(packer);
        bytes
    }
}

impl Default for Packers {
    fn default() -> Self {
        Self::new(PackingLevels::default())
    }
}

impl Packer {
    fn new(levels: PackingLevels) -> io::Result<Self> {
        let no_level = |what| move || io::Error::new(io::ErrorKind::InvalidInput, what);
        let gzip = libdeflater::CompressionLvl::new(levels.gzip)
            .ok()
            .ok_or_else(no_level("libdeflate has levels 0 to 12"))?;
        let quality = mbrotli::Quality::try_from(levels.brotli)
            .ok()
            .ok_or_else(no_level("Brotli has qualities 0 to 11"))?;
        let brotli = mbrotli::EncoderConfig::default().with_quality(quality);
        Ok(Self {
            gzip: libdeflater::Compressor::new(gzip),
            brotli: mbrotli::Compressor::new(brotli).map_err(io::Error::other)?,
            zstd: zstd::bulk::Compressor::new(levels.zstd)?,
            buffer: Vec::new(),
        })
    }

    /// Each of these leaves its result at the start of the buffer and gives its length.
    fn gzip(&mut self, plain: &[u8]) -> io::Result<usize> {
        let most = self.gzip.gzip_compress_bound(plain.len());
        self.make_room(most);
        self.gzip.gzip_compress(plain, &mut self.buffer).map_err(io::Error::other)
    }

    fn brotli(&mut self, plain: &[u8]) -> io::Result<usize> {
        self.make_room(mbrotli::Compressor::max_compressed_size(plain.len()).map_err(io::Error::other)?);
        self.brotli.compress_to_slice(plain, &mut self.buffer).map_err(io::Error::other)
    }

    fn zstd(&mut self, plain: &[u8]) -> io::Result<usize> {
        self.make_room(zstd::zstd_safe::compress_bound(plain.len()));
        self.zstd.compress_to_buffer(plain, &mut self.buffer[..])
    }

    fn make_room(&mut self, bytes: usize) {
        if self.buffer.len() < bytes {
            self.buffer.resize(bytes, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn unpacked(packed: &[u8], encoding: Encoding) -> Vec<u8> {
        let mut plain = Vec::new();
        match encoding {
            Encoding::Identity => plain.extend_from_slice(packed),
            Encoding::Gzip => {
                flate2::read::GzDecoder::new(packed).read_to_end(&mut plain).unwrap();
            }
            Encoding::Brotli => {
                brotli::Decompressor::new(packed, 4096).read_to_end(&mut plain).unwrap();
            }
            Encoding::Zstd => plain = zstd::bulk::decompress(packed, 1 << 20).unwrap(),
        }
        plain
    }

    #[test]
    fn what_is_packed_is_what_comes_out_whatever_was_packed_before() {
        let packers = Packers::default();
        let mut seed = 3_u32;
        for length in [0_usize, 1, 70_000, 10, 300_000, 5_000] {
            let plain: Vec<u8> = (0..length)
                .map(|place| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if place % 3 == 0 { (seed >> 24) as u8 } else { 7 }
                })
                .collect();
            for encoding in [Encoding::Identity, Encoding::Gzip, Encoding::Brotli, Encoding::Zstd] {
                let packed = packers.pack(plain.clone(), encoding).unwrap();
                assert_eq!(unpacked(&packed, encoding), plain, "{encoding:?} {length}");
                assert!(encoding == Encoding::Identity || length < 100 || packed.len() < length);
            }
        }
    }

    #[test]
    fn two_packers_give_the_same_bytes() {
        let plain: Vec<u8> = (0..50_000_u32).flat_map(|number| (number / 7).to_le_bytes()).collect();
        let (one, other) = (Packers::default(), Packers::default());
        for encoding in [Encoding::Gzip, Encoding::Brotli, Encoding::Zstd] {
            one.pack(vec![1; 9_000], encoding).unwrap();
            assert_eq!(
                one.pack(plain.clone(), encoding).unwrap(),
                other.pack(plain.clone(), encoding).unwrap()
            );
        }
    }
}
