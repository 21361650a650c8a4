//! What city-management inspectors report.

use crate::calendar::Hours::{Day, Evening, Morning, Night, Office};
use crate::calendar::Season::{Even, Flood, Summer, Winter};

use super::Scene::{Building, Market, Street};
use super::{Topic, topic};

/// What city-management inspectors report.
pub(crate) static STREET_WORK: &[Topic] = &[
    topic(
        "0102",
        16.0,
        Street,
        Even,
        Day,
        "暴露垃圾",
        &["路边有暴露垃圾约1平方米", "绿化带内有白色垃圾", "果壳箱满溢"],
        "请环卫处理",
    ),
    topic(
        "0105",
        14.0,
        Street,
        Summer,
        Morning,
        "占道经营",
        &["店外占道摆放货物", "流动摊点占用人行道"],
        "请城管处置",
    ),
    topic(
        "0109",
        16.0,
        Street,
        Even,
        Day,
        "机动车乱停放",
        &["人行道违停机动车3辆", "非机动车乱停放"],
        "请处置",
    ),
    topic("0104", 7.0, Street, Even, Office, "非法小广告", &["墙面张贴小广告", "电线杆张贴小广告"], "请清除"),
    topic("0101", 7.0, Street, Even, Day, "沿街晾挂", &["行道树上晾晒衣物", "店招破损"], "请劝导整改"),
    topic("1106", 6.0, Street, Flood, Day, "井盖缺损", &["雨水井盖破损", "井盖松动异响"], "请权属单位修复"),
    topic("0111", 5.0, Street, Winter, Evening, "路灯故障", &["路灯不亮2盏", "路灯检修门缺失"], "请维修"),
    topic("0302", 6.0, Street, Even, Day, "道路破损", &["路面坑洞直径约30厘米", "侧石缺损"], "请修复"),
    topic("0108", 6.0, Street, Summer, Day, "绿化缺株", &["行道树缺株1棵", "绿篱枯死"], "请补种"),
    topic(
        "0107",
        4.0,
        Street,
        Even,
        Night,
        "渣土抛洒",
        &["路面有渣土抛洒约20米", "车辆带泥上路"],
        "请清洗查处",
    ),
    topic("0103", 3.0, Building, Even, Day, "违法搭建", &["沿街搭建彩钢棚", "楼顶新增搭建"], "请核查"),
    topic("0110", 2.0, Market, Even, Day, "公厕保洁", &["公厕地面积水", "公厕设施损坏"], "请保洁"),
    topic("1109", 3.0, Street, Even, Day, "架空线缆", &["通信线缆脱落", "线缆低垂影响通行"], "请整理"),
];
