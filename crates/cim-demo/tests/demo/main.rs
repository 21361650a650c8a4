//! The demo district, written and read back.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts are small and areas are compared roughly"
)]

#[cfg(test)]
mod district;
#[cfg(test)]
mod pack;
#[cfg(test)]
mod small;
