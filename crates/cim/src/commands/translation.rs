//! The help texts of the command line in Chinese.

use clap::Command;

const ABOUT: &str = "城市信息模型服务：实时矢量瓦片、空间查询，以及任一地点由谁负责";

/// Commands by name.
const COMMANDS: [(&str, &str); 19] = [
    ("up", "启动全部：数据库、表结构、所需的演示数据、服务"),
    ("serve", "用现有数据库提供服务"),
    ("migrate", "更新表结构，可重复执行"),
    ("load", "导入城市数据包或单个文件：要么全部，要么不变"),
    ("demo", "把合成的演示区写成城市数据包"),
    ("check", "检查已导入数据中的问题"),
    ("verify", "验证存储内容与写入一致：边界、归属、审计日志"),
    ("export", "把已导入的数据写成文件"),
    ("tiles", "把一个瓦片集的全部瓦片写成一个文件，全部取自同一数据状态；中断后再次执行即可继续"),
    ("psql", "用 psql 打开数据库"),
    ("env", "显示数据库地址"),
    ("user", "管理谁可以登录、各自可见的范围"),
    ("add", "添加账号；未给出密码时生成并显示"),
    ("invite", "显示链接，供账号首次或重新设置密码"),
    ("set-role", "更改账号的角色和范围，并结束其会话"),
    ("disable", "停用账号，并结束其会话"),
    ("token", "为程序生成或撤销令牌"),
    ("create", "生成某账号的令牌并显示（仅此一次）"),
    ("revoke", "撤销令牌"),
];

/// Arguments by id, the same in every command.
const ARGUMENTS: [(&str, &str); 53] = [
    ("database_url", "使用此数据库，不自行启动"),
    ("home", "自带数据库所在文件夹 [默认：root 为 /var/lib/cim，其他用户为其数据文件夹]"),
    ("listen", "监听的本机地址 [默认：127.0.0.1:8080，被占用时换用其他端口]"),
    ("demo", "数据库为空时导入演示数据：small 为一个镇，district 为全区"),
    ("live_rate", "演示实况：每分钟新增的合成案件数，0 为关闭"),
    ("pack_or_file", "数据包文件夹（含 city.toml），或与 --collection 一起使用的单个文件"),
    ("collection", "文件内容所属的集合"),
    ("crs", "文件的坐标系：wgs84、cgcs2000、gcj02、bd09 或 epsg:NNNN"),
    ("map", "字段对应：源列=目标字段，可重复"),
    ("key", "作为业务主键的源列"),
    ("report", "把导入报告（JSON）写到此文件"),
    ("dry_run", "只检查，不改动"),
    ("repair", "执行某份导入报告中提出的修复"),
    ("out", "写入的文件夹"),
    ("scale", "规模：small 为一个镇，district 为全区"),
    ("factor", "重复次数，代码和位置随之错开（8 相当于一个地级市）"),
    ("seed", "随机种子：相同的种子得到相同的数据"),
    ("json", "以 JSON 输出"),
    ("arguments", "传给 psql 的参数"),
    ("tileset", "瓦片集名称，例如 building；GET /tiles 列出全部"),
    ("archive", "写入的文件"),
    ("zoom", "仅这些级别 [默认：瓦片集的全部级别]"),
    ("bbox", "仅与此范围相交的瓦片，西,南,东,北（度）"),
    ("help", "显示帮助"),
    ("version", "显示版本"),
    ("yes", "不再询问"),
    ("tilesets", "同时提供此瓦片集定义（TOML），可重复"),
    ("video_player_url", "视频播放页面地址模板，{gb_id} 处填入点位编码 [默认：关闭]"),
    ("video_still_url", "视频最新截图地址模板，{gb_id} 处填入点位编码 [默认：关闭]"),
    ("keep_people_days", "案件办结后保留诉求人信息的天数"),
    ("tls", "以此证书链（PEM）提供 TLS；未给出 --tls-key 时须含私钥"),
    ("tls_key", "--tls 证书的私钥（PEM）"),
    ("proxies", "前置代理的地址，由其对外提供 TLS，可重复"),
    ("names", "外部访问本服务器所用的名称或地址，可重复"),
    ("origins", "允许携带令牌访问的其他网站，如 https://map.example，可重复"),
    ("oidc", "同时允许在此文件（TOML）描述的统一身份认证处登录，见 docs/ACCESS.md"),
    ("requests_per_second", "单个账号每秒可发送的请求数（长期平均），短时可达十倍"),
    ("open", "不设账号：本机的任何人都可查看和修改"),
    ("name", "登录名：小写字母、数字、点、连字符"),
    ("display_name", "称呼 [默认：登录名]"),
    ("role", "角色：viewer、operator、officer、planner、commander、system_admin、security_admin 或 auditor"),
    ("towns", "可见镇街的代码，可重复 [默认：全部]"),
    ("departments", "可见其业务的部门代码，可重复 [默认：全部]"),
    ("secret", "可见涉密视频点位"),
    ("from", "生效首日"),
    ("until", "失效首日"),
    ("password_stdin", "从标准输入读取密码"),
    ("account", "令牌所属账号"),
    ("title", "用途"),
    ("actions", "允许的操作，见 docs/ROLES.md，可重复"),
    ("days", "有效天数"),
    ("id", "令牌两个下划线之间的部分"),
    ("tile_cache_mb", "缓存成品瓦片的内存，MiB；0 为每次重新绘制"),
];

pub(super) fn into_chinese(command: Command) -> Command {
    with_commands(command.about(ABOUT))
}

/// A command with its arguments and, in turn, its own commands.
fn with_commands(command: Command) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect();
    names.into_iter().fold(with_arguments(command), |command, name| {
        command.mut_subcommand(&name, |subcommand| {
            let about = COMMANDS.iter().find(|(known, _)| *known == name).map(|(_, about)| *about);
            with_commands(match about {
                // The long text of the doc comment would stay English.
                Some(about) => subcommand.about(about).long_about(None),
                None => subcommand,
            })
        })
    })
}

fn with_arguments(command: Command) -> Command {
    command.mut_args(|argument| {
        let chinese = ARGUMENTS.iter().find(|(id, _)| argument.get_id() == id).map(|(_, help)| *help);
        match chinese {
            Some(help) => argument.help(help),
            None => argument,
        }
    })
}
