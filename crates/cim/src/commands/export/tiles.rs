//! `cim export tiles`: all tiles of a tileset in one file, from one state of the city.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use cim_access::{Action, Scope};
use cim_archive::{
    Archive, ArchiveError, ArchiveJob, Beginning, Description, Drawn, Finished, Job, Target, Tile,
};
use cim_city::{City, CityError, CityOptions, Frozen};
use cim_store::Store;
use clap::Args;
use indicatif::{HumanBytes, HumanCount};

use super::progress::Shown;
use super::selection::{Bbox, Zooms};
use crate::commands::Place;
use crate::commands::user::COMMAND_LINE;
use crate::database::Database;
use crate::language::Language;
use crate::stop::Stop;
use crate::{say, tilesets};

/// Write all tiles of a tileset into one file, all from one state of the city.
///
/// An export that was interrupted goes on when the same command is given again and the data have not changed. Ends with 0
/// when the file is whole, 1 when it is not, 2 on wrong usage. Tiles that are drawn lie in OUT.part until the file is whole,
/// so there must be room for them twice.
#[derive(Debug, Args)]
pub(crate) struct Tiles {
    /// The tileset, for example building; GET /tiles lists all
    tileset: String,
    /// The file to write
    #[arg(value_name = "OUT.pmtiles|OUT.mbtiles")]
    archive: PathBuf,
    /// Only these zooms [default: all of the tileset]
    #[arg(long, value_name = "A-B")]
    zoom: Option<Zooms>,
    /// Only tiles that meet this box, degrees
    #[arg(long, value_name = "WEST,SOUTH,EAST,NORTH", allow_hyphen_values = true)]
    bbox: Option<Bbox>,
    /// Know this tileset definition (TOML) too; may be repeated
    #[arg(long = "tileset", value_name = "FILE")]
    tilesets: Vec<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// What came of it.
enum Outcome {
    Whole(Finished),
    Stopped,
    /// Wrong usage, in the user's language.
    Refused(String),
}

pub(crate) async fn run(tiles: Tiles, language: Language) -> anyhow::Result<ExitCode> {
    let stop = Stop::on_signals().context("listening for signals")?;
    let target = match Target::new(&tiles.archive) {
        Ok(target) => target,
        Err(error) => return Ok(refused(language, words(language, error)?)),
    };
    let options = CityOptions {
        tile_cache_bytes: 0,
        extra_tilesets: tilesets::read(&tiles.tilesets)?,
        ..CityOptions::default()
    };
    let database = Database::borrow(&tiles.place).await?;
    let exported = export(&database, options, tiles, target.clone(), stop, language).await;
    database.close().await?;
    Ok(match exported? {
        Outcome::Whole(Finished { tiles, bytes }) => {
            let (path, tiles, bytes) = (target.path().display(), HumanCount(tiles), HumanBytes(bytes));
            say::line(match language {
                Language::English => format!("{path}: {tiles} tiles, {bytes}"),
                Language::Chinese => format!("{path}：{tiles} 个瓦片，{bytes}"),
            });
            ExitCode::SUCCESS
        }
        Outcome::Stopped => {
            say::note(language.pick(
                "stopped: the same command goes on from here while the data stay as they are",
                "已停止：数据未变时，再次执行同一命令即可继续",
            ));
            ExitCode::from(1)
        }
        Outcome::Refused(words) => refused(language, words),
    })
}

fn refused(language: Language, words: String) -> ExitCode {
    say::failed(language, &anyhow::Error::msg(words));
    ExitCode::from(2)
}

async fn export(
    database: &Database,
    options: CityOptions,
    tiles: Tiles,
    target: Target,
    stop: Stop,
    language: Language,
) -> anyhow::Result<Outcome> {
    let store = database.connect().await?;
    store.migrate().await.context("bringing the schema up to date")?;
    let city = City::open(store.clone(), options).context("opening the city")?;
    tokio::select! {
        () = city.ready() => {}
        () = stop.clone().wished() => return Ok(Outcome::Stopped),
    }
    let frozen = match hold(&city, &tiles, cim_archive::unfinished(&target)?) {
        Ok(frozen) => frozen,
        Err(CityError::NotFound { name, .. }) => {
            return Ok(Outcome::Refused(no_such_tileset(&city, &name, language)));
        }
        Err(error) => return Err(error).context("asking for the tileset"),
    };
    tell(&store, &tiles).await?;
    let work = move || write(&frozen, &tiles, target, &stop, language);
    tokio::task::spawn_blocking(work).await.context("drawing the tiles")?
}

/// Tells the audit log what is taken away, before anything is.
async fn tell(store: &Store, tiles: &Tiles) -> anyhow::Result<()> {
    let zooms = tiles.zoom.map(|zooms| [zooms.first, zooms.last]);
    let bbox = tiles.bbox.map(|bbox| bbox.0);
    let detail = serde_json::json!({"kind": "tiles", "zooms": zooms, "bbox": bbox});
    let told = store.append_audit(COMMAND_LINE, Action::ExportData.name(), &tiles.tileset, &detail);
    told.await.context("telling the audit log of the export")
}

/// Holds the city as it is now. What was begun at another minute goes on as of that minute, if it can go on at all: "overdue"
/// must mean the same in all tiles.
fn hold(city: &City, tiles: &Tiles, unfinished: Option<Job>) -> Result<Frozen, CityError> {
    let frozen = |as_of_ms| city.frozen(&Scope::whole_district(), &tiles.tileset, as_of_ms);
    if let Some(begun) = unfinished {
        let then = frozen(Some(begun.as_of_ms))?;
        if zooms(&then, tiles).is_ok_and(|zooms| job(&then, tiles, zooms) == begun) {
            return Ok(then);
        }
    }
    frozen(None)
}

/// The zooms that are wanted of those there are; all there are, when none is wanted of them.
fn zooms(frozen: &Frozen, tiles: &Tiles) -> Result<Zooms, Zooms> {
    let (first, last) = frozen.zooms();
    let all = Zooms { first, last };
    tiles.zoom.map_or(Ok(all), |wanted| wanted.within(all).ok_or(all))
}

fn job(frozen: &Frozen, tiles: &Tiles, zooms: Zooms) -> Job {
    let bbox = tiles.bbox.map_or(String::new(), |bbox| bbox.to_string());
    Job {
        selection: format!("{} {zooms} {bbox}", tiles.tileset),
        content: frozen.content(),
        as_of_ms: frozen.as_of_ms(),
    }
}

fn no_such_tileset(city: &City, name: &str, language: Language) -> String {
    let names: Vec<String> =
        city.tilesets(&Scope::whole_district()).into_iter().map(|tileset| tileset.name).collect();
    match language {
        Language::English => format!("there is no tileset `{name}`: there are {}", names.join(", ")),
        Language::Chinese => format!("没有瓦片集“{name}”，现有：{}", names.join("、")),
    }
}

fn write(
    frozen: &Frozen,
    tiles: &Tiles,
    target: Target,
    stop: &Stop,
    language: Language,
) -> anyhow::Result<Outcome> {
    let zooms = match zooms(frozen, tiles) {
        Ok(zooms) => zooms,
        Err(all) => return Ok(Outcome::Refused(no_such_zoom(&tiles.tileset, all, language))),
    };
    let job = ArchiveJob {
        target,
        job: job(frozen, tiles, zooms),
        description: description(frozen, zooms, tiles.bbox),
    };
    match draw_and_bind(frozen, job, zooms, tiles.bbox, stop, language) {
        Ok(outcome) => Ok(outcome),
        Err(error @ (ArchiveError::Empty | ArchiveError::InUse(_))) => {
            Ok(Outcome::Refused(words(language, error)?))
        }
        Err(error) => Err(error.into()),
    }
}

fn draw_and_bind(
    frozen: &Frozen,
    job: ArchiveJob,
    zooms: Zooms,
    bbox: Option<Bbox>,
    stop: &Stop,
    language: Language,
) -> Result<Outcome, ArchiveError> {
    let mut archive = Archive::begin(job)?;
    tell_beginning(archive.beginning(), language);
    let of_zoom = |zoom| frozen.tiles(zoom, bbox.map(|bbox| bbox.0));
    let total = (zooms.first..=zooms.last).map(|zoom| of_zoom(zoom).len() as u64).sum();
    let mut shown = Shown::new(language, total);
    let mut before = 0;
    for zoom in zooms.first..=zooms.last {
        let tiles: Vec<Tile> = of_zoom(zoom).into_iter().map(|(z, x, y)| Tile { z, x, y }).collect();
        let count = tiles.len() as u64;
        let mut progress = |done| {
            shown.tell(before + done);
            if stop.is_wished() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        if archive.draw(tiles, &|tile| frozen.draw((tile.z, tile.x, tile.y)), &mut progress)?
            == Drawn::Stopped
        {
            return Ok(Outcome::Stopped);
        }
        before += count;
    }
    drop(shown);
    archive.finish().map(Outcome::Whole)
}

fn tell_beginning(beginning: Beginning, language: Language) {
    match beginning {
        Beginning::New => {}
        Beginning::GoesOn { tiles } => say::note(match language {
            Language::English => format!("going on: {} tiles are drawn already", HumanCount(tiles)),
            Language::Chinese => format!("继续上次导出：已有 {} 个瓦片", HumanCount(tiles)),
        }),
        Beginning::DataChanged => say::note(language.pick(
            "the data have changed since the export that was interrupted: starting again",
            "上次导出中断后数据已有变化：重新开始",
        )),
        Beginning::AnotherSelection => say::note(language.pick(
            "the export that was interrupted was of other tiles: starting again",
            "上次中断的导出是另一批瓦片：重新开始",
        )),
    }
}

fn description(frozen: &Frozen, zooms: Zooms, bbox: Option<Bbox>) -> Description {
    let tilejson = frozen.tilejson("");
    let text = |name: &str| tilejson[name].as_str().unwrap_or_default().to_owned();
    let bounds = frozen.bounds().unwrap_or([-180.0, -85.051_128_78, 180.0, 85.051_128_78]);
    Description {
        name: text("name"),
        description: text("description"),
        attribution: text("attribution"),
        vector_layers: tilejson["vector_layers"].as_array().cloned().unwrap_or_default(),
        min_zoom: zooms.first,
        max_zoom: zooms.last,
        bounds: bbox.map_or(bounds, |bbox| bbox.part_of(bounds)),
    }
}

fn no_such_zoom(tileset: &str, zooms: Zooms, language: Language) -> String {
    match language {
        Language::English => format!("--zoom: the zooms of tileset `{tileset}` are {zooms}"),
        Language::Chinese => format!("--zoom：瓦片集“{tileset}”的级别为 {zooms}"),
    }
}

/// Wrong usage in the user's language; anything else stays an error.
fn words(language: Language, error: ArchiveError) -> anyhow::Result<String> {
    let chinese = match &error {
        ArchiveError::UnknownEnding(path) => {
            format!("{}：不是所支持的格式，文件名请以 .pmtiles 或 .mbtiles 结尾", path.display())
        }
        ArchiveError::NoFolder(folder) => {
            format!("文件夹 {} 不存在：请先建立，或换一个位置", folder.display())
        }
        ArchiveError::InUse(path) => format!("另一个导出正在写 {}：请等待，或换一个文件", path.display()),
        ArchiveError::Empty => "所选瓦片中没有内容：请选择其他级别或范围".to_owned(),
        _ => return Err(error.into()),
    };
    Ok(if language == Language::Chinese { chinese } else { error.to_string() })
}
