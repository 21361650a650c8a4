//! What people complain about: class, place, rhythm and words.

use crate::calendar::{Hours, Season};

/// Where a matter happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    Estate,
    Street,
    Shop,
    Farm,
    Water,
    Works,
    School,
    Market,
    Building,
    Nowhere,
}

/// One matter.
#[derive(Debug)]
pub(crate) struct Topic {
    /// Middle class.
    pub(crate) class: &'static str,
    pub(crate) weight: f64,
    pub(crate) scene: Scene,
    pub(crate) season: Season,
    pub(crate) hours: Hours,
    pub(crate) title: &'static str,
    pub(crate) texts: &'static [&'static str],
    pub(crate) wish: &'static str,
}

const fn topic(
    class: &'static str,
    weight: f64,
    scene: Scene,
    season: Season,
    hours: Hours,
    title: &'static str,
    texts: &'static [&'static str],
    wish: &'static str,
) -> Topic {
    Topic { class, weight, scene, season, hours, title, texts, wish }
}

use Hours::{Day, Evening, Morning, Night, Office};
use Scene::{Building, Estate, Farm, Market, Nowhere, School, Shop, Street, Water, Works};
use Season::{Even, Flood, Harvest, Summer, Winter};

/// Matters with a place.
pub(crate) static PLACED: &[Topic] = &[
    topic("0201", 9.0, Estate, Even, Evening, "物业服务问题", &["楼道长期无人打扫，垃圾堆放", "物业对报修不予处理", "门禁损坏多日，外来人员随意出入", "绿化带枯死无人补种"], "要求物业尽快整改"),
    topic("0404", 8.0, Shop, Summer, Night, "夜间噪声扰民", &["店铺深夜播放高音喇叭", "烧烤店食客大声喧哗至凌晨", "KTV低音震动，居民无法入睡"], "希望部门上门制止"),
    topic("0903", 1.5, Shop, Season::School, Office, "培训机构退费纠纷", &["培训机构停课，剩余课时费拒不退还", "机构更换地址未通知家长，联系不上负责人"], "要求退还费用"),
    topic("0109", 8.5, Street, Even, Day, "车辆乱停放", &["人行道上停满机动车，行人只能走机动车道", "路口两侧违停严重，转弯视线受阻", "共享电动车乱堆放，占用盲道"], "希望加强管理"),
    topic("0105", 6.0, Street, Summer, Morning, "占道经营", &["流动摊贩占道卖菜，通行困难", "夜宵摊占用非机动车道，油污满地", "水果车长期停在路口叫卖"], "要求清理"),
    topic("0102", 7.5, Estate, Even, Morning, "垃圾清运不及时", &["垃圾桶满溢，异味明显", "装修垃圾堆放半个月无人清运", "垃圾分类亭投放口损坏"], "希望及时清运"),
    topic("0102", 4.0, Farm, Even, Morning, "村内垃圾堆放", &["路边堆放生活垃圾，苍蝇很多", "垃圾收集点多日未清", "有人在沟边倾倒建筑垃圾"], "请村里清理"),
    topic("1006", 5.5, Water, Summer, Day, "河道漂浮物", &["河面水葫芦成片，水体发黑", "河里有死鱼，气味难闻", "河边倾倒秸秆和生活垃圾"], "希望打捞清理"),
    topic("1004", 3.0, Water, Flood, Day, "排水沟淤塞", &["泯沟多年未疏浚，雨后田里积水", "涵洞堵塞，水排不出去", "闸门损坏，河水倒灌"], "请水务部门疏通"),
    topic("1106", 6.0, Street, Flood, Day, "道路积水", &["雨后积水没过脚踝，车辆无法通行", "雨水井盖堵塞，排水不畅", "窨井盖缺失，存在安全隐患"], "要求尽快处理"),
    topic("1106", 3.0, Estate, Flood, Day, "小区污水外溢", &["化粪池外溢，臭味严重", "地下车库进水", "污水管道堵塞，一楼返水"], "请尽快抢修"),
    topic("0302", 5.0, Street, Even, Day, "路面破损", &["路面坑洼严重，电动车摔倒多次", "人行道地砖松动", "路面开裂沉降未修复"], "要求修复"),
    topic("1008", 4.0, Farm, Even, Day, "农村道路破损", &["水泥路断裂，晴天扬尘雨天泥泞", "路肩塌方，会车困难", "桥面护栏损坏"], "请安排维修"),
    topic("0111", 3.2, Street, Winter, Evening, "路灯不亮", &["整条路路灯不亮，夜间出行不安全", "路灯杆倾斜", "路灯忽明忽暗"], "希望尽快维修"),
    topic("0111", 2.0, Farm, Winter, Evening, "村道路灯损坏", &["村道路灯坏了一个多月", "太阳能路灯不亮，老人出行不便"], "请修复路灯"),
    topic("0103", 3.5, Building, Even, Day, "违章搭建", &["住户在楼顶搭建阳光房", "一楼业主围占公共绿地", "沿街商户私自搭建雨棚"], "要求拆除"),
    topic("0406", 3.0, Estate, Even, Evening, "消防通道被占用", &["消防通道停满车辆", "楼道堆放杂物和电动车充电", "安全出口被锁"], "要求立即整改"),
    topic("0208", 3.6, Estate, Summer, Night, "工地夜间施工", &["工地凌晨仍在浇筑混凝土", "打桩声音很大，孩子无法休息"], "要求停止夜间施工"),
    topic("0505", 2.6, Street, Even, Day, "渣土车扬尘", &["渣土车未覆盖，沿路抛洒", "工地出口未冲洗，道路泥土很多"], "希望查处"),
    topic("0501", 3.0, Works, Even, Night, "企业废气异味", &["厂区夜间排放刺鼻气体", "喷漆气味飘到居民区", "烟囱冒黑烟"], "要求环保部门检查"),
    topic("0503", 2.4, Works, Even, Night, "企业噪声", &["机器二十四小时运转，噪声大", "风机正对居民住宅"], "希望整改"),
    topic("0508", 2.2, Farm, Harvest, Evening, "秸秆焚烧", &["田里焚烧秸秆，浓烟呛人", "有人焚烧垃圾"], "请派人制止"),
    topic("0106", 3.4, Shop, Summer, Evening, "餐饮油烟", &["饭店油烟直排楼上住户", "油烟净化器不开，窗户不敢开"], "要求安装净化设备"),
    topic("0602", 3.0, Shop, Summer, Day, "食品卫生问题", &["购买的熟食变质", "餐馆后厨卫生差", "超市销售过期食品"], "要求查处并赔偿"),
    topic("0601", 5.0, Shop, Even, Office, "消费纠纷", &["购买的电动车一周内故障，商家不退换", "理发店诱导办卡", "家电安装后无法使用，售后推诿"], "要求退款"),
    topic("0607", 2.6, Shop, Even, Office, "预付卡退款难", &["健身房停业，会员卡无法使用", "美容店转让后不认旧卡"], "要求退卡"),
    topic("0611", 2.2, Market, Even, Morning, "农贸市场秩序", &["市场内缺斤少两", "摊位占用通道，地面污水横流", "活禽宰杀区卫生差"], "希望加强监管"),
    topic("0904", 2.4, School, Season::School, Day, "学校周边秩序", &["放学时段校门口严重拥堵", "校门口流动摊点售卖零食", "操场喇叭声音过大"], "希望协调处理"),
    topic("0606", 2.4, Estate, Summer, Day, "电梯故障", &["电梯一周内三次困人", "电梯停运多日，老人无法下楼"], "要求维修更换"),
    topic("1101", 3.4, Estate, Summer, Day, "停水或水压不足", &["高层水压不足，早晚无法用水", "自来水发黄", "未通知突然停水"], "请尽快恢复"),
    topic("1101", 2.0, Farm, Winter, Morning, "水管冻裂漏水", &["路边水管漏水多日", "水表冻裂无法用水"], "请派人抢修"),
    topic("1102", 2.0, Farm, Summer, Evening, "停电与电压低", &["夏季电压低，空调带不动", "线路老化经常跳闸", "电线低垂碰到树枝"], "请供电部门检修"),
    topic("1110", 1.8, Estate, Even, Evening, "充电设施问题", &["申请安装充电桩，物业不同意", "电动车充电棚不足，飞线充电"], "希望协调增设"),
    topic("0112", 3.0, Estate, Even, Evening, "养犬扰民", &["邻居养大型犬不牵绳", "犬只夜间吠叫，粪便不清理"], "希望规范养犬"),
    topic("0104", 1.2, Shop, Even, Day, "广告牌隐患", &["楼顶广告牌松动，大风时摇晃", "灯箱广告光线刺眼"], "要求拆除或加固"),
    topic("0108", 2.6, Street, Summer, Day, "行道树问题", &["树枝遮挡路灯和信号灯", "行道树倒伏压到车辆", "树木影响一楼采光"], "请修剪"),
    topic("1007", 1.8, Farm, Summer, Day, "养殖异味", &["养猪场粪污直排沟渠", "鸡棚气味影响周边住户"], "要求治理"),
    topic("1001", 1.8, Farm, Harvest, Office, "土地流转纠纷", &["承包方拖欠土地流转费", "田界不清，与邻居发生争执"], "请村镇协调"),
    topic("0402", 3.0, Street, Even, Day, "交通信号与秩序", &["红绿灯时间过短，老人过不了马路", "路口无信号灯，事故频发", "大货车闯禁区"], "希望优化"),
    topic("0202", 2.0, Estate, Flood, Day, "房屋渗漏", &["外墙渗水，室内墙面发霉", "屋面漏水，维修基金迟迟未批"], "要求维修"),
];

/// Questions that need no place.
pub(crate) static QUESTIONS: &[Topic] = &[
    topic("0701", 10.0, Nowhere, Even, Office, "社保缴费咨询", &["咨询灵活就业人员社保缴费标准", "咨询养老保险转移手续", "咨询社保断缴补缴办法"], "已告知办理流程"),
    topic("0702", 3.0, Nowhere, Winter, Office, "拖欠工资反映", &["反映工地拖欠工资，咨询维权途径", "咨询申请劳动仲裁所需材料"], "已告知受理渠道"),
    topic("0802", 9.0, Nowhere, Even, Office, "医保报销咨询", &["咨询异地就医备案办法", "咨询门诊慢特病报销比例", "咨询新生儿参保"], "已答复政策"),
    topic("0804", 6.0, Nowhere, Winter, Day, "防疫政策咨询", &["咨询流感疫苗接种安排", "咨询发热门诊地址"], "已答复"),
    topic("0901", 6.0, Nowhere, Season::School, Office, "入学政策咨询", &["咨询学区划分范围", "咨询外来务工人员子女入学材料", "咨询转学手续"], "已告知政策"),
    topic("0403", 6.0, Nowhere, Even, Office, "户籍证件咨询", &["咨询身份证异地补办", "咨询新生儿落户", "咨询居住证办理"], "已告知流程"),
    topic("1306", 4.0, Nowhere, Even, Office, "公积金咨询", &["咨询公积金贷款额度", "咨询公积金提取条件"], "已答复"),
    topic("1301", 7.0, Nowhere, Even, Office, "政务服务咨询", &["咨询营业执照办理地点和时间", "咨询窗口周末是否上班", "咨询网上办事账号无法登录"], "已告知"),
    topic("1302", 3.0, Nowhere, Even, Office, "税务咨询", &["咨询个人所得税汇算", "咨询开具发票"], "已转接税务热线"),
    topic("0301", 5.0, Nowhere, Even, Day, "公交线路咨询", &["咨询公交末班车时间", "建议增加早高峰班次", "咨询公交卡挂失"], "已答复"),
    topic("1201", 3.0, Nowhere, Even, Office, "低保申请咨询", &["咨询低保申请条件", "咨询临时救助"], "已告知"),
    topic("1202", 4.0, Nowhere, Even, Office, "养老服务咨询", &["咨询尊老金发放", "咨询居家养老服务申请", "咨询养老机构收费"], "已答复"),
    topic("1204", 2.0, Nowhere, Even, Office, "婚姻登记咨询", &["咨询婚姻登记预约", "咨询补领结婚证"], "已告知"),
    topic("0203", 3.0, Nowhere, Even, Office, "购房政策咨询", &["咨询购房补贴", "咨询商品房预售资金监管"], "已答复"),
    topic("1002", 3.0, Nowhere, Even, Office, "宅基地政策咨询", &["咨询农房翻建审批", "咨询宅基地确权"], "已告知流程"),
    topic("1107", 5.0, Nowhere, Even, Day, "快递投诉", &["快递未送货上门", "快递丢失，网点推诿"], "已转邮政部门"),
    topic("1105", 4.0, Nowhere, Even, Day, "通信资费投诉", &["套餐被擅自变更", "宽带故障报修未处理"], "已转运营商"),
    topic("1101", 5.0, Nowhere, Summer, Day, "停水信息查询", &["咨询停水原因和恢复时间", "咨询水费缴纳方式"], "已告知"),
    topic("1102", 4.0, Nowhere, Summer, Day, "停电信息查询", &["咨询计划停电安排", "咨询峰谷电办理"], "已告知"),
    topic("1309", 2.5, Nowhere, Even, Office, "表扬感谢", &["感谢网格员及时帮助老人就医", "表扬公交驾驶员拾金不昧", "感谢社区解决停车难"], "已转达"),
    topic("1308", 3.0, Nowhere, Even, Office, "意见建议", &["建议增设公共停车位", "建议公园延长开放时间", "建议增设公交站台"], "已记录转交"),
    topic("0405", 2.0, Nowhere, Even, Day, "疑似诈骗咨询", &["接到自称客服的退款电话，咨询真伪", "收到可疑短信链接"], "已提醒勿转账"),
];

/// What city-management inspectors report.
pub(crate) static STREET_WORK: &[Topic] = &[
    topic("0102", 16.0, Street, Even, Day, "暴露垃圾", &["路边有暴露垃圾约1平方米", "绿化带内有白色垃圾", "果壳箱满溢"], "请环卫处理"),
    topic("0105", 14.0, Street, Summer, Morning, "占道经营", &["店外占道摆放货物", "流动摊点占用人行道"], "请城管处置"),
    topic("0109", 16.0, Street, Even, Day, "机动车乱停放", &["人行道违停机动车3辆", "非机动车乱停放"], "请处置"),
    topic("0104", 7.0, Street, Even, Office, "非法小广告", &["墙面张贴小广告", "电线杆张贴小广告"], "请清除"),
    topic("0101", 7.0, Street, Even, Day, "沿街晾挂", &["行道树上晾晒衣物", "店招破损"], "请劝导整改"),
    topic("1106", 6.0, Street, Flood, Day, "井盖缺损", &["雨水井盖破损", "井盖松动异响"], "请权属单位修复"),
    topic("0111", 5.0, Street, Winter, Evening, "路灯故障", &["路灯不亮2盏", "路灯检修门缺失"], "请维修"),
    topic("0302", 6.0, Street, Even, Day, "道路破损", &["路面坑洞直径约30厘米", "侧石缺损"], "请修复"),
    topic("0108", 6.0, Street, Summer, Day, "绿化缺株", &["行道树缺株1棵", "绿篱枯死"], "请补种"),
    topic("0107", 4.0, Street, Even, Night, "渣土抛洒", &["路面有渣土抛洒约20米", "车辆带泥上路"], "请清洗查处"),
    topic("0103", 3.0, Building, Even, Day, "违法搭建", &["沿街搭建彩钢棚", "楼顶新增搭建"], "请核查"),
    topic("0110", 2.0, Market, Even, Day, "公厕保洁", &["公厕地面积水", "公厕设施损坏"], "请保洁"),
    topic("1109", 3.0, Street, Even, Day, "架空线缆", &["通信线缆脱落", "线缆低垂影响通行"], "请整理"),
];

/// What grid workers report.
pub(crate) static GRID_WORK: &[Topic] = &[
    topic("0102", 15.0, Farm, Even, Morning, "环境卫生问题", &["巡查发现道路旁垃圾未清", "垃圾桶周边脏乱"], "已联系保洁员"),
    topic("0102", 9.0, Estate, Even, Morning, "小区环境问题", &["楼道堆物", "绿化带垃圾"], "已通知物业"),
    topic("0406", 12.0, Estate, Even, Evening, "消防隐患", &["电动车楼道充电", "灭火器过期", "安全出口堆物"], "已当场劝导"),
    topic("0406", 7.0, Shop, Even, Day, "沿街店铺消防隐患", &["三合一场所住人", "店内私拉电线"], "已责令整改"),
    topic("0206", 4.0, Building, Flood, Day, "房屋安全隐患", &["外墙粉刷层脱落", "老旧房屋漏雨"], "已上报"),
    topic("1202", 9.0, Farm, Even, Day, "走访独居老人", &["老人身体状况良好，已提醒用电安全", "老人需要代购药品，已协助"], "已办结"),
    topic("0401", 5.0, Estate, Even, Evening, "矛盾纠纷调解", &["邻里因停车发生争执，已调解", "因漏水引发纠纷，已约谈双方"], "已调解"),
    topic("0410", 7.0, Building, Even, Day, "流动人口登记", &["新增租户已登记", "租户搬离已注销"], "已登记"),
    topic("1006", 6.0, Water, Summer, Day, "河道巡查问题", &["河坡种植蔬菜", "河面有漂浮物", "发现网簖"], "已清理"),
    topic("0405", 4.0, Estate, Even, Day, "反诈宣传", &["入户宣传并指导安装反诈应用", "发现老人疑似被骗，已劝阻"], "已办结"),
    topic("0508", 3.0, Farm, Harvest, Evening, "秸秆禁烧巡查", &["发现焚烧点一处，已扑灭", "田间秸秆未及时离田"], "已处置"),
    topic("1108", 4.0, Building, Winter, Day, "燃气安全检查", &["液化气软管老化", "厨房未装报警器"], "已督促更换"),
    topic("0302", 4.0, Street, Even, Day, "道路设施损坏", &["路面塌陷", "护栏缺失"], "已上报"),
    topic("0103", 3.0, Farm, Even, Day, "新增违建", &["农户新搭彩钢棚", "占用耕地堆放砂石"], "已劝阻并上报"),
    topic("0501", 2.5, Works, Even, Night, "企业异味", &["厂区外可闻到异味", "露天堆放原料"], "已上报"),
];
