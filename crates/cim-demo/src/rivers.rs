//! The shores of the Yangtze and the sea, and the rivers between which everything else lies.

use crate::field::Field;
use crate::lines::LineClass;
use crate::plane::{P, p, smooth};

/// A hand-drawn line: class, name, width, road on a bank, points as longitude and latitude in 0.001 degree past 121, 31.
pub(crate) struct Drawn {
    pub(crate) class: LineClass,
    pub(crate) name: &'static str,
    pub(crate) width_m: f64,
    pub(crate) bank_road: i8,
    points: &'static [(f64, f64)],
    meander_m: f64,
}

impl Drawn {
    pub(crate) const fn new(
        class: LineClass,
        name: &'static str,
        width_m: f64,
        bank_road: i8,
        meander_m: f64,
        points: &'static [(f64, f64)],
    ) -> Self {
        Self { class, name, width_m, bank_road, points, meander_m }
    }

    /// The line in the plane, with its bends.
    pub(crate) fn path(&self, field: &Field) -> Vec<P> {
        let control: Vec<P> =
            self.points.iter().map(|&(x, y)| P::at(121.0 + x / 1000.0, 31.0 + y / 1000.0)).collect();
        let mut path = smooth(&control, 140.0);
        for point in &mut path {
            let (dx, dy) = (field.noise(*point, 1100.0, 21) - 0.5, field.noise(*point, 1100.0, 22) - 0.5);
            *point = *point + p(dx, dy) * (2.0 * self.meander_m);
        }
        path
    }
}

/// Points that lie in the Yangtze and in the sea.
pub(crate) fn open_water() -> [P; 2] {
    [P::at(121.196, 31.8440), P::at(121.5335, 32.1200)]
}

pub(crate) static SHORES: &[Drawn] = &[
    Drawn::new(
        LineClass::Shore,
        "长江",
        0.0,
        0,
        120.0,
        &[
            (15.0, 800.0),
            (40.0, 806.0),
            (62.0, 797.0),
            (85.0, 787.0),
            (105.0, 781.0),
            (124.0, 786.0),
            (137.0, 800.0),
            (155.0, 822.0),
            (180.0, 843.0),
            (210.0, 858.0),
            (240.0, 872.0),
            (270.0, 880.0),
            (300.0, 882.0),
            (330.0, 876.0),
            (360.0, 864.0),
            (390.0, 849.0),
            (420.0, 842.0),
            (445.0, 837.0),
            (480.0, 831.0),
        ],
    ),
    Drawn::new(
        LineClass::Shore,
        "长江",
        0.0,
        0,
        60.0,
        &[(470.0, 797.0), (442.0, 803.0), (426.0, 806.5), (413.0, 804.0), (398.0, 799.0)],
    ),
    Drawn::new(
        LineClass::Shore,
        "黄海",
        0.0,
        0,
        0.0,
        &[
            (522.5, 1139.5),
            (521.4, 1137.0),
            (523.0, 1128.0),
            (528.0, 1115.0),
            (535.0, 1105.0),
            (548.0, 1100.0),
        ],
    ),
];

pub(crate) static RIVERS: &[Drawn] = &[
    Drawn::new(
        LineClass::River,
        "通吕运河",
        52.0,
        1,
        160.0,
        &[
            (170.0, 1009.0),
            (220.0, 1015.0),
            (270.0, 1019.0),
            (312.0, 1022.0),
            (355.0, 1027.0),
            (390.0, 1034.0),
            (430.0, 1045.0),
            (470.0, 1051.0),
            (510.0, 1060.0),
            (570.0, 1068.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "通启运河",
        46.0,
        -1,
        140.0,
        &[
            (40.0, 958.0),
            (100.0, 956.0),
            (150.0, 957.0),
            (200.0, 961.0),
            (250.0, 966.0),
            (300.0, 969.0),
            (350.0, 972.0),
            (400.0, 973.0),
            (450.0, 970.0),
            (545.0, 966.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "海门河",
        34.0,
        1,
        170.0,
        &[
            (40.0, 909.0),
            (100.0, 908.0),
            (140.0, 909.0),
            (180.0, 912.0),
            (210.0, 918.0),
            (250.0, 924.0),
            (290.0, 926.0),
            (335.0, 919.0),
            (380.0, 926.0),
            (430.0, 930.0),
            (470.0, 929.0),
            (545.0, 926.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "青龙河",
        30.0,
        1,
        150.0,
        &[
            (252.0, 850.0),
            (246.0, 884.0),
            (237.0, 910.0),
            (233.0, 940.0),
            (230.0, 970.0),
            (226.0, 1000.0),
            (223.0, 1030.0),
            (226.0, 1090.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "浒通河",
        26.0,
        0,
        130.0,
        &[
            (150.0, 790.0),
            (146.0, 830.0),
            (139.0, 870.0),
            (137.0, 900.0),
            (133.0, 940.0),
            (128.0, 970.0),
            (125.0, 1015.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "圩角河",
        24.0,
        -1,
        140.0,
        &[
            (196.0, 820.0),
            (191.0, 860.0),
            (195.0, 890.0),
            (198.0, 920.0),
            (197.0, 950.0),
            (193.0, 980.0),
            (187.0, 1030.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "大洪河",
        24.0,
        1,
        150.0,
        &[
            (287.0, 850.0),
            (285.0, 890.0),
            (290.0, 930.0),
            (294.0, 970.0),
            (291.0, 1010.0),
            (296.0, 1060.0),
            (301.0, 1140.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "民利河",
        20.0,
        -1,
        150.0,
        &[
            (344.0, 830.0),
            (340.0, 870.0),
            (343.0, 902.0),
            (339.0, 940.0),
            (343.0, 980.0),
            (347.0, 1005.0),
            (338.0, 1060.0),
            (341.0, 1140.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "灵甸河",
        26.0,
        1,
        150.0,
        &[
            (393.0, 800.0),
            (391.0, 840.0),
            (387.0, 870.0),
            (392.0, 910.0),
            (389.0, 950.0),
            (393.0, 990.0),
            (396.0, 1030.0),
            (392.0, 1070.0),
            (390.0, 1130.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "黄家港河",
        24.0,
        -1,
        150.0,
        &[
            (441.0, 800.0),
            (445.0, 870.0),
            (449.0, 910.0),
            (446.0, 950.0),
            (450.0, 990.0),
            (453.0, 1030.0),
            (449.0, 1070.0),
            (458.0, 1100.0),
            (470.0, 1170.0),
        ],
    ),
    Drawn::new(
        LineClass::River,
        "新江海河",
        30.0,
        1,
        120.0,
        &[
            (95.0, 765.0),
            (101.0, 800.0),
            (103.0, 840.0),
            (104.0, 880.0),
            (101.0, 920.0),
            (99.0, 960.0),
            (101.0, 1030.0),
        ],
    ),
];
