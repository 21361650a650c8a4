//! The 371 days of work: dates, and which days and hours are busy.

use std::fmt::Write as _;

use crate::dice::Dice;

/// Days in a pack; a week more than a year, because loading shifts by whole weeks.
pub(crate) const DAYS: usize = 371;
/// Days after 1970-01-01 of the first day, 2024-12-23, a Monday.
const FIRST_EPOCH_DAY: i64 = 20_080;
pub(crate) const DAY_S: i64 = 86_400;

/// Seconds after the first midnight, in local time.
pub(crate) type Moment = i64;

/// Year, month, day of a day number.
pub(crate) fn date_of(day: i64) -> (i64, u32, u32) {
    let z = FIRST_EPOCH_DAY + day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

/// `YYYYMMDD` of a moment.
pub(crate) fn compact_date(moment: Moment) -> String {
    let (year, month, day) = date_of(moment.div_euclid(DAY_S));
    format!("{year:04}{month:02}{day:02}")
}

/// `YYYY-MM-DD` of a day number.
pub(crate) fn iso_date(day: i64) -> String {
    let (year, month, day) = date_of(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// RFC 3339 with the zone of China.
pub(crate) fn rfc3339(moment: Moment) -> String {
    let second = moment.rem_euclid(DAY_S);
    let mut text = iso_date(moment.div_euclid(DAY_S));
    let _ = write!(text, "T{:02}:{:02}:{:02}+08:00", second / 3600, second / 60 % 60, second % 60);
    text
}

/// When in the year a matter comes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Season {
    Even,
    Summer,
    Flood,
    Winter,
    Harvest,
    School,
}

/// When in the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hours {
    Office,
    Day,
    Evening,
    Night,
    Morning,
}

/// How busy a day is for a season; the first day is a Monday.
fn day_weight(day: usize, season: Season) -> f64 {
    const WEEKDAY: [f64; 7] = [1.22, 1.13, 1.06, 1.05, 1.0, 0.80, 0.74];
    let (_, month, date) = date_of(day as i64);
    // Spring festival, typhoon week.
    let feast = if month == 1 && date >= 27 || month == 2 && date <= 4 { 0.55 } else { 1.0 };
    let typhoon = month == 9 && (11..=17).contains(&date);
    let factor = match (season, month) {
        (Season::Flood, _) if typhoon => 9.0,
        (Season::Flood, 6 | 7) => 2.6,
        (Season::Flood, 8 | 9) | (Season::Summer, 5 | 9) => 1.4,
        (Season::Flood, _) => 0.45,
        (Season::Summer, 6..=8) => 2.0,
        (Season::Summer, _) => 0.6,
        (Season::Winter, 1) => 3.0,
        (Season::Winter, 12 | 2) => 1.9,
        (Season::Winter, _) => 0.35,
        (Season::Harvest, 5 | 6 | 10 | 11) => 2.2,
        (Season::Harvest, _) => 0.5,
        (Season::School, 5..=9) => 1.8,
        (Season::School, _) => 0.7,
        (Season::Even, _) => 1.0,
    };
    let general = if typhoon { 1.5 } else { 1.0 };
    WEEKDAY[day % 7] * feast * factor * general
}

/// Draws moments by season and hour.
pub(crate) struct Clock {
    days: Vec<Vec<f64>>,
}

const SEASONS: [Season; 6] =
    [Season::Even, Season::Summer, Season::Flood, Season::Winter, Season::Harvest, Season::School];

impl Clock {
    pub(crate) fn new() -> Self {
        let days = SEASONS
            .iter()
            .map(|&season| {
                let mut sum = 0.0;
                (0..DAYS)
                    .map(|day| {
                        sum += day_weight(day, season);
                        sum
                    })
                    .collect()
            })
            .collect();
        Self { days }
    }

    pub(crate) fn moment(&self, season: Season, hours: Hours, dice: &mut Dice) -> Moment {
        let sums = &self.days[SEASONS.iter().position(|&each| each == season).unwrap_or(0)];
        let roll = dice.unit() * sums[DAYS - 1];
        let day = sums.partition_point(|&sum| sum <= roll).min(DAYS - 1) as i64;
        day * DAY_S + second_of_day(hours, dice)
    }
}

/// A second of the day by the rhythm of the hours.
pub(crate) fn second_of_day(hours: Hours, dice: &mut Dice) -> i64 {
    const OFFICE: [f64; 24] = [
        0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.6, 2.0, 7.5, 10.5, 9.5, 6.5, 3.5, 5.0, 8.5, 9.0, 7.5, 4.5, 2.5, 2.0,
        1.5, 1.0, 0.5, 0.2,
    ];
    const DAY: [f64; 24] = [
        0.3, 0.2, 0.2, 0.2, 0.3, 0.8, 2.5, 5.0, 7.5, 8.5, 8.0, 6.0, 4.5, 5.0, 6.5, 7.0, 7.0, 6.0, 5.0, 4.5,
        3.5, 2.5, 1.2, 0.6,
    ];
    const EVENING: [f64; 24] = [
        1.0, 0.4, 0.2, 0.1, 0.1, 0.2, 0.8, 1.2, 1.5, 1.6, 1.6, 1.6, 1.6, 1.5, 1.5, 1.7, 2.2, 4.0, 6.5, 9.5,
        10.5, 9.0, 6.0, 2.5,
    ];
    const NIGHT: [f64; 24] = [
        6.5, 5.0, 3.5, 2.2, 1.5, 1.5, 1.6, 1.2, 0.9, 0.8, 0.7, 0.6, 0.7, 0.7, 0.6, 0.6, 0.7, 1.0, 1.6, 2.5,
        4.0, 7.0, 10.0, 9.5,
    ];
    const MORNING: [f64; 24] = [
        0.1, 0.1, 0.2, 0.6, 2.0, 5.5, 9.5, 11.0, 9.0, 7.0, 4.5, 3.0, 1.8, 1.5, 2.0, 2.5, 3.0, 2.5, 1.5, 0.9,
        0.5, 0.3, 0.2, 0.1,
    ];
    let table = match hours {
        Hours::Office => &OFFICE,
        Hours::Day => &DAY,
        Hours::Evening => &EVENING,
        Hours::Night => &NIGHT,
        Hours::Morning => &MORNING,
    };
    dice.weighted(table) as i64 * 3600 + dice.below(3600) as i64
}

/// The end of the `count`th working day after a moment, weekends left out.
pub(crate) fn working_days_after(moment: Moment, count: i64) -> Moment {
    let mut day = moment.div_euclid(DAY_S);
    let mut left = count;
    while left > 0 {
        day += 1;
        left -= i64::from(day.rem_euclid(7) < 5);
    }
    day * DAY_S + 17 * 3600 + 1800
}
