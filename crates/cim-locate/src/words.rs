//! Words that say how a place lies to another.

/// What a word does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Word {
    /// Two roads meet.
    Crossing,
    /// Joins two names.
    And,
    /// From the name before to the one behind.
    To,
    /// Between two names.
    Between,
    /// A side: degrees clockwise from north.
    Side(f64),
    /// A corner, which is farther out than a side.
    Corner(f64),
    /// A gate on a side.
    Gate(f64),
    /// Within a distance of it: metres.
    Near(f64),
    /// A stretch of a line.
    Stretch,
    /// Says nothing.
    Filler,
}

const SIDES: &[(&str, f64)] = &[
    ("东南", 135.0),
    ("东北", 45.0),
    ("西南", 225.0),
    ("西北", 315.0),
    ("东", 90.0),
    ("南", 180.0),
    ("西", 270.0),
    ("北", 0.0),
];

const PLAIN: &[(&str, Word)] = &[
    ("交叉口", Word::Crossing),
    ("交叉路口", Word::Crossing),
    ("十字路口", Word::Crossing),
    ("丁字路口", Word::Crossing),
    ("交叉处", Word::Crossing),
    ("交汇处", Word::Crossing),
    ("交汇口", Word::Crossing),
    ("交会处", Word::Crossing),
    ("交界处", Word::Crossing),
    ("交界", Word::Crossing),
    ("交叉", Word::Crossing),
    ("路口", Word::Crossing),
    ("口", Word::Crossing),
    // A road meets a river in a bridge.
    ("大桥", Word::Crossing),
    ("桥", Word::Crossing),
    ("桥上", Word::Crossing),
    ("桥下", Word::Crossing),
    ("与", Word::And),
    ("和", Word::And),
    ("跟", Word::And),
    ("及", Word::And),
    ("到", Word::To),
    ("至", Word::To),
    ("之间", Word::Between),
    ("中间", Word::Between),
    ("附近", Word::Near(120.0)),
    ("周边", Word::Near(150.0)),
    ("周围", Word::Near(120.0)),
    ("一带", Word::Near(250.0)),
    ("旁边", Word::Near(30.0)),
    ("旁", Word::Near(30.0)),
    ("边上", Word::Near(30.0)),
    ("隔壁", Word::Near(30.0)),
    ("对面", Word::Near(40.0)),
    ("对过", Word::Near(40.0)),
    ("斜对面", Word::Near(60.0)),
    ("后面", Word::Near(50.0)),
    ("前面", Word::Near(50.0)),
    ("门口", Word::Near(0.0)),
    ("门前", Word::Near(0.0)),
    ("大门口", Word::Near(0.0)),
    ("正门", Word::Near(0.0)),
    ("楼下", Word::Near(0.0)),
    ("小区内", Word::Near(0.0)),
    ("地下车库", Word::Near(0.0)),
    ("院内", Word::Near(0.0)),
    ("内", Word::Near(0.0)),
    ("里面", Word::Near(0.0)),
    ("处", Word::Near(0.0)),
    ("下", Word::Near(0.0)),
    ("上", Word::Near(0.0)),
    ("中段", Word::Stretch),
    ("段", Word::Stretch),
    ("沿线", Word::Stretch),
    ("沿岸", Word::Stretch),
    ("岸边", Word::Stretch),
    ("河边", Word::Stretch),
    ("路边", Word::Stretch),
    ("桥头", Word::Stretch),
    ("人行道", Word::Stretch),
    ("公交站旁", Word::Stretch),
    ("公交站", Word::Stretch),
    ("大约", Word::Filler),
    ("大概", Word::Filler),
    ("约", Word::Filler),
    ("左右", Word::Filler),
    ("一点", Word::Filler),
    ("靠近", Word::Filler),
    ("靠", Word::Filler),
    ("位于", Word::Filler),
    ("家住", Word::Filler),
    ("住在", Word::Filler),
    ("住", Word::Filler),
    ("地址", Word::Filler),
    ("就在", Word::Filler),
    ("在", Word::Filler),
    ("的", Word::Filler),
    ("近", Word::Filler),
    ("再", Word::Filler),
    ("往前", Word::Filler),
];

/// All words in the compared form, those of the eight directions made from their parts.
pub(crate) fn all() -> Vec<(String, Word)> {
    let mut words: Vec<(String, Word)> = PLAIN.iter().map(|&(text, word)| (text.to_owned(), word)).collect();
    for &(side, bearing) in SIDES {
        words.push((side.to_owned(), Word::Side(bearing)));
        for ending in ["侧", "面", "边", "方向", "方", "部", "头", "端", "首", "侧人行道", "边的", "岸"]
        {
            words.push((format!("{side}{ending}"), Word::Side(bearing)));
        }
        for way in ["向", "往", "朝", "以"] {
            words.push((format!("{way}{side}"), Word::Side(bearing)));
        }
        words.push((format!("{side}角"), Word::Corner(bearing)));
        for gate in ["门", "门口", "大门", "大门口"] {
            words.push((format!("{side}{gate}"), Word::Gate(bearing)));
        }
    }
    words
}
