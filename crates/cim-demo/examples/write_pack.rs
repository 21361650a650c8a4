//! Writes a pack: `write_pack DIR small|district [FACTOR] [SEED]`.

use cim_demo::{DemoOptions, Scale, write_pack};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().ok_or("name the folder to write to")?;
    let scale = if arguments.next().as_deref() == Some("district") { Scale::District } else { Scale::Small };
    let factor = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let summary = write_pack(dir.as_ref(), &DemoOptions { scale, factor, seed }, &mut |_| {})?;
    let mut out = std::io::stdout().lock();
    for (collection, rows) in summary.rows {
        std::io::Write::write_fmt(&mut out, format_args!("{rows:>9} {collection}\n"))?;
    }
    Ok(())
}
