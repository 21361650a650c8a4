//! The report as a person reads it, in English and in Chinese.

use std::fmt::Write;

use cim_model::{Finding, Severity};

use super::{CollectionReport, Language, LoadReport, Outcome};

/// Findings that are printed; all listed ones are in the JSON report.
const PRINTED_FINDINGS: usize = 30;
const PRINTED_MOVES: usize = 10;

struct Words {
    loaded: &'static str,
    refused: &'static str,
    checked: &'static str,
    synthetic: &'static str,
    heading: [&'static str; 9],
    nothing_changed: &'static str,
    findings: &'static str,
    more: &'static str,
    row: &'static str,
    error: &'static str,
    warning: &'static str,
    note: &'static str,
    proposal: &'static str,
}

const ENGLISH: Words = Words {
    loaded: "Loaded",
    refused: "Refused: nothing was changed",
    checked: "Checked: a load would succeed; nothing was changed",
    synthetic: "synthetic data",
    heading: [
        "collection",
        "read",
        "new",
        "changed",
        "equal",
        "removed",
        "rejected",
        "filtered",
        "outside time",
    ],
    nothing_changed: "Nothing changed: everything was there already.",
    findings: "Findings",
    more: "more, see the JSON report",
    row: "row",
    error: "error",
    warning: "warning",
    note: "note",
    proposal: "Proposed repair of the borders (apply with `cim load --repair REPORT`)",
};

const CHINESE: Words = Words {
    loaded: "已载入",
    refused: "已拒绝：数据库未作任何改动",
    checked: "检查通过：可以载入；数据库未作任何改动",
    synthetic: "虚构数据",
    heading: ["集合", "读取", "新增", "变更", "相同", "移除", "拒绝", "过滤", "时段外"],
    nothing_changed: "没有变化：全部数据均已存在。",
    findings: "发现的问题",
    more: "条未列出，见 JSON 报告",
    row: "第",
    error: "错误",
    warning: "警告",
    note: "提示",
    proposal: "建议的边界修复（用 `cim load --repair 报告文件` 应用）",
};

/// The whole report as text, ending with a line break.
pub(super) fn readable(report: &LoadReport, language: Language) -> String {
    let words = match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    };
    let mut text = String::new();
    let outcome = match report.outcome {
        Outcome::Loaded => words.loaded,
        Outcome::Refused => words.refused,
        Outcome::Checked => words.checked,
    };
    let mark = if report.synthetic { format!(" ({})", words.synthetic) } else { String::new() };
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{outcome}: {}{mark}\n{}", report.city, report.source);
    write_table(report, words, &mut text);
    if report.outcome != Outcome::Refused && report.changed_nothing() {
        let _ = writeln!(text, "{}", words.nothing_changed);
    }
    write_findings(report, words, language, &mut text);
    write_proposals(report, words, &mut text);
    text
}

fn write_table(report: &LoadReport, words: &Words, text: &mut String) {
    let mut rows: Vec<Vec<String>> = vec![words.heading.iter().map(|word| (*word).to_owned()).collect()];
    rows.extend(report.collections.iter().map(cells));
    let used: Vec<usize> = (0..words.heading.len())
        .filter(|column| *column < 5 || rows[1..].iter().any(|row| row[*column] != "0"))
        .collect();
    let widths: Vec<usize> =
        used.iter().map(|column| rows.iter().map(|row| width(&row[*column])).max().unwrap_or(0)).collect();
    for row in &rows {
        for (column, wide) in used.iter().zip(&widths) {
            let cell = &row[*column];
            let blanks = " ".repeat(wide - width(cell));
            let _ = if *column == 0 {
                write!(text, "  {cell}{blanks}")
            } else {
                write!(text, "  {blanks}{cell}")
            };
        }
        text.push('\n');
    }
}

fn cells(counts: &CollectionReport) -> Vec<String> {
    let numbers = [
        counts.read,
        counts.loaded,
        counts.changed,
        counts.unchanged,
        counts.removed,
        counts.rejected,
        counts.filtered,
        counts.outside_timeline,
    ];
    std::iter::once(counts.collection.clone()).chain(numbers.iter().map(u64::to_string)).collect()
}

/// Columns on a terminal: a Chinese character takes two.
fn width(text: &str) -> usize {
    text.chars().map(|character| if character > '\u{2e7f}' { 2 } else { 1 }).sum()
}

fn write_findings(report: &LoadReport, words: &Words, language: Language, text: &mut String) {
    let all: u64 = report.findings_by_rule.values().sum();
    if all == 0 {
        return;
    }
    let _ = writeln!(text, "{} ({all}):", words.findings);
    for finding in report.findings.iter().take(PRINTED_FINDINGS) {
        let _ = writeln!(text, "  {}", line(finding, words, language));
    }
    let printed = report.findings.len().min(PRINTED_FINDINGS) as u64;
    if all > printed {
        let _ = writeln!(text, "  ... {} {}", all - printed, words.more);
    }
}

fn line(finding: &Finding, words: &Words, language: Language) -> String {
    let severity = match finding.severity {
        Severity::Error => words.error,
        Severity::Warning => words.warning,
        Severity::Note => words.note,
    };
    let mut line = severity.to_owned();
    if let Some(file) = &finding.file {
        let _ = write!(line, " {file}");
    }
    if let Some(row) = finding.row {
        let _ = match language {
            Language::English => write!(line, " {} {row}", words.row),
            Language::Chinese => write!(line, " {}{row}行", words.row),
        };
    }
    let _ = write!(line, " [{}] {}", finding.rule, finding.message);
    if let Some(value) = &finding.value {
        let _ = write!(line, " ({value})");
    }
    line
}

fn write_proposals(report: &LoadReport, words: &Words, text: &mut String) {
    for proposal in &report.proposals {
        let _ = writeln!(text, "{} - {}:", words.proposal, proposal.collection);
        for moved in proposal.moves.iter().take(PRINTED_MOVES) {
            let _ = writeln!(
                text,
                "  {}  {:.0} m2 -> {:.0} m2  (+{:.2} -{:.2})",
                moved.code, moved.before_m2, moved.after_m2, moved.gained_m2, moved.lost_m2
            );
        }
        if proposal.moves.len() > PRINTED_MOVES {
            let _ = writeln!(text, "  ... {} {}", proposal.moves.len() - PRINTED_MOVES, words.more);
        }
    }
}
