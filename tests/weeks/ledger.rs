//! However the logs are cut, the weeks are the same.

use proptest::prelude::*;

use crate::data::{Line, at, config, report, write};

const RULES: [&str; 3] = ["a", "b", "c"];

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let one =
        (0..3 * 7 * 24 * 60_i64, 0..3_usize, 0..3_u32).prop_map(|(minute, rule, host)| Line {
            secs: at(42, 0, 0) + minute * 60,
            host: format!("node-{host}"),
            rule: RULES[rule],
            priority: "Notice",
        });
    prop::collection::vec(one, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 15, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_and_periods_do_not_matter(lines in lines(), cuts in prop::collection::vec(0..4_u8, 60)) {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, many) = (folder.path().join("one"), folder.path().join("many"));
        for folder in [&one, &many] {
            std::fs::create_dir(folder).expect("a folder");
        }
        write(&one, &lines, |_, _| "falco.log".into());
        write(&many, &lines, |serial, _| format!("{}.log", cuts[serial]));
        let weeks = |logs, period: &str| {
            let config = alertbook::config::Config { dedupe: false, ..config(period) };
            let report = report(logs, &config);
            serde_json::to_value(report.weeks).expect("JSON")
        };
        let all = weeks(&one, "all");
        prop_assert_eq!(&all, &weeks(&many, "all"));
        // In a period of one week the others lie outside, and say the same.
        let newest = all.as_array().and_then(|all| all.last()?["label"].as_str()).map(str::to_owned);
        let single = weeks(&many, &newest.expect("a week"));
        for key in ["alerts", "episodes", "numbers", "grid", "when"] {
            for (a, b) in all.as_array().into_iter().flatten().zip(single.as_array().into_iter().flatten()) {
                prop_assert_eq!(&a[key], &b[key], "{} of {}", key, &a["label"]);
            }
        }
    }
}
