//! `cim up`: everything from nothing. The small demo is on the map first; the district follows behind the server.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use cim_access::secret::ApiToken;
use cim_city::{City, CityOptions};
use cim_server::{Door, Scheme};
use cim_store::Store;
use clap::Args;

use crate::commands::{Listening, People, Place, Scale, Video};
use crate::database::Database;
use crate::demo_city::{self, Loaded};
use crate::language::Language;
use crate::plan::{Plan, Step};
use crate::stop::Stop;
use crate::{audit_checkpoints, demo_accounts, first_looks, home, live, say, server};

/// Start everything: database, schema, demo data if wanted, server.
#[derive(Debug, Args)]
pub(crate) struct Up {
    /// Load this demo if the database is empty
    #[arg(long, value_enum, value_name = "SCALE")]
    demo: Option<Scale>,
    /// Synthetic cases a minute while a demo runs; 0 for none
    #[arg(long, default_value_t = 6.0, value_name = "N", value_parser = cases_a_minute)]
    live_rate: f64,
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    video: Video,
    #[command(flatten)]
    people: People,
}

fn cases_a_minute(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| (0.0..=6_000.0).contains(rate));
    rate.ok_or_else(|| "give a number from 0 to 6000".to_owned())
}

pub(crate) async fn run(up: Up, language: Language) -> anyhow::Result<ExitCode> {
    let stop = Stop::on_signals().context("listening for signals")?;
    up.listening.reached(language)?;
    server::check_free(up.listening.listen, language).await?;
    let database = Database::own(&up.place).await?;
    let served = Session { database: &database, up: &up, stop, language }.run().await;
    say::note(language.pick("stopping", "正在停止"));
    database.close().await?;
    served.map(|()| ExitCode::SUCCESS)
}

/// One run of the command, once there is a database.
struct Session<'a> {
    database: &'a Database,
    up: &'a Up,
    stop: Stop,
    language: Language,
}

impl Session<'_> {
    async fn run(self) -> anyhow::Result<()> {
        let language = self.language;
        let prepared = tokio::select! {
            prepared = self.prepare() => prepared?,
            () = self.stop.clone().wished() => return Ok(()),
        };
        let Prepared { store, city, mut plan, behind, cache } = prepared;
        let reached = self.up.listening.reached(language)?;
        server::refuse_demo_accounts(&store, reached.is_exposed, language).await?;
        let (listener, address) = server::listen(self.up.listening.listen, reached.tls, language).await?;
        let base = format!("{}://{address}", reached.front.scheme.name());
        let working = plan.begin();
        plan.end(working, &base);
        welcome(language, &base, &city);
        let demo = Loaded::find(&store).await?.is_demo();
        let door = self.up.listening.door();
        let token = if door == Door::Accounts && reached.front.scheme == Scheme::Http {
            self.demo_accounts(&store, demo).await?
        } else {
            None
        };
        // After the accounts of a demo, so that the first checkpoint holds them.
        tokio::spawn(audit_checkpoints::keep(store.clone(), home::folder(self.up.place.home.clone())?));
        server::tell_door(door, &city, &base, language).await?;
        if demo && (door == Door::Open || token.is_some()) {
            live::start(address, self.up.live_rate, token, self.stop.clone());
        }
        let district = async {
            if let Some(scale) = behind
                && let Err(error) = load_step(&mut plan, &store, &cache, scale, language).await
            {
                say::note(say::chain(&error));
                say::note(language.pick(
                    "the district was not loaded; the next start tries again",
                    "全区数据未能导入，下次启动时重试",
                ));
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            served = listener.serve(city, reached.front, self.stop.clone().wished()) => served.context("serving"),
            () = district => Ok(()),
        }
    }

    /// The accounts of a demo, told to whoever started it, and the key of its live feed.
    async fn demo_accounts(&self, store: &Store, is_demo: bool) -> anyhow::Result<Option<ApiToken>> {
        if !is_demo || self.up.demo.is_none() {
            return Ok(None);
        }
        let home = home::folder(self.up.place.home.clone())?;
        let Some(accounts) = demo_accounts::ready(store, &home).await? else { return Ok(None) };
        say::line(format_args!(
            "  {}  {}  {} {}",
            self.language.pick("sign in as", "登录账号  "),
            accounts.names.join(", "),
            self.language.pick("with the password", "密码"),
            accounts.password
        ));
        demo_accounts::feed_token(store).await.map(Some)
    }

    /// Everything before the first answer.
    async fn prepare(&self) -> anyhow::Result<Prepared> {
        let language = self.language;
        let store = self.database.connect().await?;
        store.migrate().await.context("bringing the schema up to date")?;
        let missing = match self.up.demo {
            Some(wanted) => {
                let loaded = Loaded::find(&store).await?;
                if loaded == Loaded::AnotherCity {
                    say::note(language.pick(
                        "the database holds another city: no demo is loaded into it",
                        "数据库中已有其他城市的数据，不再导入演示数据",
                    ));
                }
                loaded.missing(wanted)
            }
            None => Vec::new(),
        };
        let home = home::folder(self.up.place.home.clone())?;
        let cache = home.join("cache");
        let (first, behind) = in_order(&missing);
        let mut plan = Plan::show(language, steps(first, behind));
        if let Some(scale) = first {
            load_step(&mut plan, &store, &cache, scale, language).await?;
        }
        let working = plan.begin();
        let options = CityOptions {
            video: self.up.video.options(),
            personal: self.up.people.options(&home)?,
            ..CityOptions::default()
        };
        let city = City::open(store.clone(), options).context("opening the city")?;
        city.ready().await;
        plan.end(working, "");
        Ok(Prepared { store, city, plan, behind, cache })
    }
}

/// What is there when answering begins.
struct Prepared {
    store: Store,
    city: City,
    plan: Plan,
    /// What is loaded while answering.
    behind: Option<Scale>,
    cache: PathBuf,
}

/// The scale to load before serving, and the one to load behind the server.
fn in_order(missing: &[Scale]) -> (Option<Scale>, Option<Scale>) {
    let first = missing.iter().copied().find(|scale| *scale == Scale::Small);
    let behind = missing.iter().copied().find(|scale| *scale == Scale::District);
    (first, behind)
}

fn steps(first: Option<Scale>, behind: Option<Scale>) -> Vec<Step> {
    let step = |english, chinese, usual_s| Step { english, chinese, usual_s };
    let mut steps = Vec::new();
    if first.is_some() {
        steps.push(step("Generate one town", "生成一个镇的演示数据", 2.0));
        steps.push(step("Load it", "导入该镇", 3.0));
    }
    steps.push(step("Read the city into memory", "把城市读入内存", 2.0));
    steps.push(step("Serve", "开始服务", 0.1));
    if behind.is_some() {
        steps.push(step("Generate the district, behind the server", "在后台生成全区数据", 8.0));
        steps.push(step(
            "Load the district; it appears on the map by itself",
            "导入全区，地图将自动更新",
            150.0,
        ));
    }
    steps
}

async fn load_step(
    plan: &mut Plan,
    store: &Store,
    cache: &Path,
    scale: Scale,
    language: Language,
) -> anyhow::Result<()> {
    let working = plan.begin();
    let folder = demo_city::generate(cache, scale, working.told()).await?;
    plan.end(working, "");
    let working = plan.begin();
    let report = demo_city::load(store, &folder, language, working.told()).await?;
    let rows: u64 = report.collections.iter().map(|one| one.loaded + one.changed).sum();
    plan.end(working, &format!("{rows} {}", language.pick("rows", "行")));
    Ok(())
}

/// Where to look first.
fn welcome(language: Language, base: &str, city: &City) {
    say::line(format_args!("\n{} {base}", language.pick("cim is ready:", "cim 已就绪：")));
    say::line(format_args!("  {}  {base}/", language.pick("map       ", "地图    ")));
    for look in first_looks::find(city, language) {
        say::line(format_args!("  {}  {base}{}", look.title, look.path));
    }
    say::line(format_args!("  {}  {base}/api/docs", language.pick("interfaces", "接口    ")));
    say::line(language.pick("Stop with Ctrl-C.", "按 Ctrl-C 停止。"));
}
