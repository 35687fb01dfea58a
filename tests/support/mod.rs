//! A small report for tests, with every part of the model filled; its log text is chosen.

mod weeks;

use std::sync::Arc;

use alertbook::{
    inventory::Weight,
    priority::Priority,
    report::*,
    slug::{digest, readable},
    time::Timestamp,
};

/// Where hostile text can stand in a report.
#[derive(Clone, Debug)]
pub struct Words {
    /// Name of the rule.
    pub rule: String,
    /// Name of the host.
    pub host: String,
    /// Any value of an alert.
    pub value: String,
}

impl Words {
    /// Words that mean nothing to any reader.
    pub fn plain() -> Self {
        Self::all("aaaa")
    }

    /// The same text everywhere.
    pub fn all(text: &str) -> Self {
        Self { rule: text.to_owned(), host: text.to_owned(), value: text.to_owned() }
    }
}

/// An instant of 18 November 2026.
pub fn at(hour: u32, minute: u32) -> Timestamp {
    let text = format!("2026-11-18T{hour:02}:{minute:02}:16.5Z");
    Timestamp::parse(text.as_bytes()).expect("a time")
}

/// A report of two incidents of one rule.
pub fn report(words: &Words) -> Report {
    let incidents = vec![incident(words, &words.host, 3), incident(words, "db-2", 1)];
    let ids: Vec<_> = incidents.iter().map(|incident| incident.id.clone()).collect();
    let weeks = vec![weeks::week(words, 46), weeks::week(words, 47)];
    Report {
        schema_version: SCHEMA_VERSION,
        generator: Generator { name: "alertbook", version: "0.1.0" },
        title: "Alerts of the test".to_owned(),
        tlp: Some("TLP:AMBER".to_owned()),
        generated: Some(at(23, 0)),
        period: Period {
            label: "2026-W47".to_owned(),
            from: Some(at(0, 0)),
            to: Some(at(23, 59)),
            timezone: "UTC".to_owned(),
            first_alert: Some(at(2, 4)),
            last_alert: Some(at(3, 4)),
        },
        accounting: Accounting {
            files: 1,
            bytes: 4096,
            records: 7,
            alerts: 4,
            sensor: 1,
            other_text: 1,
            rejected: 1,
            ..Accounting::default()
        },
        summary: vec![
            format!("4 alerts of {} on 2 hosts.", words.rule),
            "One incident goes on.".to_owned(),
        ],
        priorities: vec![PriorityTotal { priority: Priority::Critical, alerts: 4, incidents: 2 }],
        attention: ids.clone(),
        actions: vec![action(words, &ids)],
        more_actions: 2,
        days: vec![DayTotal {
            day: "2026-11-18".to_owned(),
            alerts: 4,
            episodes: 2,
            hours: vec![1; 24],
        }],
        hosts: vec![
            host(&words.host, 3, vec![ids[0].clone()]),
            host("db-2", 1, vec![ids[1].clone()]),
        ],
        rules: vec![rule(words, ids)],
        attack: attack_totals(words),
        loudness: vec![loudness(words)],
        noise: vec![noise(words), noise_without_draft(words)],
        verdicts: verdicts(words),
        incidents,
        week: Some("2026-W47".to_owned()),
        changes: weeks[1].changes.clone(),
        no_changes: None,
        numbers: weeks[1].numbers.clone(),
        coverage: weeks[1].coverage.clone(),
        weeks,
        earlier_weeks: 3,
        mitigations: [("x.md".to_owned(), mitigation())].into(),
        glossary: [(words.value.clone(), "Command line of the process".to_owned())].into(),
        keys: alertbook::dictionary::Dictionary::bundled()
            .keys()
            .iter()
            .map(|key| (key.name.clone(), key.meaning.clone()))
            .collect(),
        quality: quality(words),
        method: Method {
            gap_seconds: 3600,
            order: vec!["priority".to_owned(), "count".to_owned()],
            min_priority: Priority::Debug,
            dedupe: true,
            value_bound: 1024,
            attack_version: "19.1".to_owned(),
            actions: "the steps of the test".to_owned(),
        },
    }
}

fn mitigation() -> Mitigation {
    let template = concat!(
        "## Confirm\n\nRule {{ rule }} on `{{ host }}`, **{{ priority }}**, {{ count }} alerts from {{ first_seen | time }} to {{ last_seen }}.\n\n",
        "- [ ] Look at {{ process }} and `{{ command }}`.\n- [x] [Falco](https://falco.org/docs/)\n",
        "  ```sh\n  kubectl -n {{ namespace }} get pod/{{ pod }} -o yaml\n  cat {{ file }}\n  ```\n\n",
        "{% include \"_evidence.md\" %}\n",
        "{% for place in places %}| Pod | Image |\n| --- | --- |\n| {{ place.pod }} | `{{ place.image }}` |\n{% endfor %}\n",
        "```yaml\n- rule: {{ rule }}\n  values: [{{ user | falco }}]\n```\n\n{% for tag in tags %}{{ tag }} {% endfor %}\n",
    );
    Mitigation {
        title: "Shells".to_owned(),
        own: false,
        extends: None,
        template: template.to_owned(),
    }
}

/// An action of both incidents.
pub fn action(words: &Words, ids: &[Arc<str>]) -> Action {
    Action {
        action: format!("Take `{}` out of every image", words.value.replace('`', "'")),
        part: "Prevent".to_owned(),
        rules: vec![words.rule.as_str().into()],
        owners: vec![words.value.clone(), "b".into(), "c".into(), "d".into()],
        hosts: 2,
        hosts_without_owner: 1,
        incidents: ids.len() as u64,
        episodes: 3,
        list: ids.to_vec(),
    }
}

fn mitigation_ref() -> MitigationRef {
    MitigationRef {
        file: "x.md".to_owned(),
        title: "Shells".to_owned(),
        matched_by: "rule".to_owned(),
        extended_by: Vec::new(),
    }
}

fn attack() -> Vec<AttackTag> {
    vec![AttackTag {
        id: "T1059".to_owned(),
        name: "Command and Scripting Interpreter".to_owned(),
        kind: "technique".to_owned(),
        url: "https://attack.mitre.org/techniques/T1059".to_owned(),
    }]
}

fn path(folder: &str, name: &str) -> String {
    format!("{folder}/{}-{}", readable(name), digest(&[name])).replace("/-", "/")
}

fn rule(words: &Words, incidents: Vec<Arc<str>>) -> Rule {
    Rule {
        rule: words.rule.clone(),
        path: "rules/the-rule-01234567".to_owned(),
        priority: Priority::Critical,
        count: 4,
        episodes: 2,
        first_seen: at(2, 4),
        last_seen: at(3, 4),
        incidents,
        tags: vec![words.value.clone()],
        attack: attack(),
        mitigation: mitigation_ref(),
        fleet_wide: vec![fleet_wide(); 6],
        rule_from: vec!["message-start".to_owned()],
        rule_note: Some("The records do not name the rule.".into()),
    }
}

fn fleet_wide() -> FleetWide {
    FleetWide {
        from: at(2, 4),
        to: at(2, 30),
        hosts: 5,
        hosts_reporting: 12,
        week: "2026-W47".to_owned(),
        shapes: 1,
        sentence: "It began within 26 min on 5 of the 12 hosts.".to_owned(),
    }
}

fn host(name: &str, count: u64, incidents: Vec<Arc<str>>) -> Host {
    Host {
        host: name.to_owned(),
        path: if name == "db-2" {
            path("hosts", name)
        } else {
            "hosts/the-host-01234567".to_owned()
        },
        priority: Priority::Critical,
        count,
        episodes: 1,
        first_seen: at(2, 4),
        last_seen: at(3, 4),
        incidents,
        named_by: vec!["hostname".to_owned()],
        suspect: Some("container-id".to_owned()),
        owner: Some("aaaa".to_owned()),
        weight: Weight::Critical,
        note: Some("aaaa".to_owned()),
    }
}

fn attack_totals(words: &Words) -> AttackTotals {
    let total = |tag| AttackTotal { tag, incidents: 2, hosts: 2, rules: 1, alerts: 4 };
    let tactic = AttackTag {
        id: "TA0002".to_owned(),
        name: "Execution".to_owned(),
        kind: "tactic".to_owned(),
        url: "https://attack.mitre.org/tactics/TA0002/".to_owned(),
    };
    AttackTotals {
        tactics: vec![total(tactic)],
        techniques: attack().into_iter().map(total).collect(),
        untagged_rules: 1,
        untagged_incidents: 2,
        untagged_alerts: 3,
        compliance: vec![ComplianceTotal {
            tag: words.value.clone(),
            incidents: 2,
            hosts: 2,
            rules: 1,
        }],
    }
}

fn loudness(words: &Words) -> Loudness {
    Loudness {
        rule: words.rule.clone(),
        path: "rules/the-rule-01234567".to_owned(),
        priority: Priority::Critical,
        alerts: 4,
        share_of_alerts: 1.0,
        incidents: 2,
        share_of_incidents: 1.0,
        alerts_per_incident: 2.0,
        alerts_per_day: 4.0,
        shapes: 2,
        top_shape: Some(words.value.clone()),
        top_shape_share: 0.75,
        gap_variation: Some(0.1),
        timer_seconds: Some(300),
        fleet_wide: true,
        loud_weeks: 2,
        judged: 2,
        judged_benign: 1,
    }
}

fn noise(words: &Words) -> Noise {
    let value = || words.value.clone();
    let list = || vec![value(), value()];
    Noise {
        rule: words.rule.clone(),
        path: "rules/the-rule-01234567".to_owned(),
        priority: Priority::Critical,
        alerts: 4,
        share_of_alerts: 1.0,
        candidate_because: vec!["60 alerts a day (over 50)".to_owned(), "timer-like".to_owned()],
        cause: "A timer is likely.".to_owned(),
        draft: Some(format!("- rule: {}\n", value())),
        exception: Some(Exception {
            name: "tune_01234567".to_owned(),
            fields: vec!["proc.pname".to_owned(), "proc.cmdline".to_owned()],
            comps: vec!["=".to_owned(), "startswith".to_owned()],
            values: vec![list(), list()],
        }),
        no_draft: None,
        check: Some("falco -V RULES_FILE -V EXCEPTION_FILE".to_owned()),
        price: Some(Price {
            alerts_removed: 3,
            alerts: 4,
            incidents_removed: 1,
            incidents_thinned: 1,
            incidents: 2,
            also_hidden: vec![Hidden {
                what: "shape".to_owned(),
                text: value(),
                alerts: 2,
                hosts: 1,
            }],
            also_hidden_more: 3,
            exact: false,
            untried: 1,
        }),
    }
}

fn noise_without_draft(words: &Words) -> Noise {
    Noise {
        draft: None,
        exception: None,
        no_draft: Some("No exception can be drafted.".to_owned()),
        check: None,
        price: None,
        ..noise(words)
    }
}

fn verdict(words: &Words) -> Verdict {
    let value = || Some(words.value.clone());
    Verdict {
        verdict: "benign".to_owned(),
        note: value(),
        who: value(),
        ticket: value(),
        until: Some("2026-12-31".to_owned()),
        expired: false,
        suppressed: true,
    }
}

fn verdicts(words: &Words) -> Verdicts {
    let value = || Some(words.value.clone());
    let entry = |incident, rule, host, expired| VerdictEntry {
        incident,
        rule,
        host,
        verdict: Verdict { expired, suppressed: !expired, ..verdict(words) }.into(),
        incidents: 1,
        alerts: 3,
    };
    Verdicts {
        entries: vec![entry(value(), None, None, false), entry(None, value(), value(), true)],
        judged: 1,
        false_positives: 1,
        false_positive_share: Some(1.0),
        suppressed_incidents: 1,
        suppressed_alerts: 3,
        expired_incidents: 1,
    }
}

fn counted<T>(list: Vec<T>) -> Counted<T> {
    Counted { distinct: 9, exact: true, list, more: 8, more_alerts: 2 }
}

fn incident(words: &Words, host: &str, count: u64) -> Incident {
    let other = host == "db-2";
    let value = || words.value.clone();
    let id = if other { "the-rule-db-2-01234567" } else { "the-rule-the-host-01234567" };
    Incident {
        id: id.into(),
        path: format!(
            "incidents/the-rule-01234567/{}",
            if other { "db-2-01234567" } else { "the-host-01234567" }
        )
        .into(),
        rule: words.rule.as_str().into(),
        rule_path: "rules/the-rule-01234567".into(),
        host: host.into(),
        host_path: if other { path("hosts", host) } else { "hosts/the-host-01234567".to_owned() }
            .into(),
        priority: Priority::Critical,
        priorities: vec![
            PriorityCount { priority: Priority::Critical, count: 2 },
            PriorityCount { priority: Priority::Error, count: 1 },
        ],
        count,
        first_seen: at(2, 4),
        last_seen: at(3, 4),
        rule_from: vec!["message-start"],
        rule_note: Some("The records do not name the rule.".into()),
        state: "still active",
        episode_count: 1,
        headline: format!("{count} alerts within an hour on {host}."),
        sources: vec![ValueCount { value: value(), count }],
        tags: [value()].into(),
        attack: attack().into(),
        episodes: vec![Episode {
            first_seen: at(2, 4),
            last_seen: at(3, 4),
            count,
            continuous: false,
            touches_start: true,
            touches_end: true,
            continued: true,
            edge: Some("continued from last week".to_owned()),
            bucket_seconds: 60,
            burst_above: 10,
            peak: 33,
            bursts: vec![Burst { from: at(2, 30), seconds: 120, count: 45, peak: 33 }],
            days: vec![DayCount { day: "2026-11-18".to_owned(), count }],
        }],
        activity: Some(Activity {
            episode: 1,
            from: at(2, 4),
            bar_seconds: 60,
            counts: vec![1, 0, 33, 12],
            bursts: vec![2, 3],
        }),
        fleet_wide: Some(fleet_wide()),
        hours: vec![HourCount { hour: Timestamp::from_secs(at(2, 4).secs / 3600 * 3600), count }],
        hours_of_day: vec![1; 24],
        places: counted(vec![Place {
            namespace: Some(value()),
            pod: Some(value()),
            container: Some(value()),
            container_id: Some(value()),
            image: Some(value()),
            count,
        }]),
        fields: vec![Field {
            name: value(),
            group: "process",
            key: true,
            count,
            absent: 1,
            values: counted(vec![
                ValueCount { value: value(), count: 2 },
                ValueCount { value: value(), count: 1 },
            ]),
        }],
        shapes: counted(vec![Shape {
            id: "0123".to_owned(),
            text: value(),
            count,
            first_seen: at(2, 4),
            last_seen: at(3, 4),
        }]),
        samples: vec![sample(words)],
        mitigation: mitigation_ref().into(),
        seen: seen(words).into(),
        change: Some("new"),
        elsewhere: Related {
            list: vec![
                if other { "the-rule-the-host-01234567" } else { "the-rule-db-2-01234567" }.into(),
            ],
            more: 3,
        },
        nearby: Related { list: vec![id.into()], more: 1 },
        owner: Some(value()),
        host_weight: Weight::High,
        verdict: Some(Verdict { expired: other, suppressed: !other, ..verdict(words) }.into()),
    }
}

fn sample(words: &Words) -> Sample {
    let value = || words.value.clone();
    Sample {
        kept_as: "first".to_owned(),
        origin: Origin { file: value(), line: 12 },
        time: at(2, 4),
        priority: Priority::Critical,
        output: Some(value()),
        fields: vec![SampleField { name: value(), value: value() }],
        tags: vec![value()],
        source: Some(value()),
        hostname: Some(value()),
        uuid: Some(value()),
        raw: value(),
        raw_cut: 7,
    }
}

fn seen(words: &Words) -> Seen {
    let value = || words.value.clone();
    let list = || vec![words.value.clone()];
    Seen {
        workload: "kubernetes".to_owned(),
        places: vec![SeenPlace {
            workload: "kubernetes".to_owned(),
            namespace: value(),
            pod: value(),
            container: value(),
            container_id: value(),
            image: value(),
        }],
        more_places: 2,
        namespace: value(),
        pod: value(),
        container: value(),
        container_id: value(),
        image: value(),
        user: value(),
        process: value(),
        parent: value(),
        executable: value(),
        command: value(),
        file: value(),
        connection: value(),
        namespaces: list(),
        pods: list(),
        containers: list(),
        container_ids: list(),
        images: list(),
        users: list(),
        processes: list(),
        parents: list(),
        commands: list(),
        files: list(),
        connections: list(),
        account: value(),
        target: value(),
        address: value(),
    }
}

fn quality(words: &Words) -> Quality {
    let value = || words.value.clone();
    let origin = || Origin { file: words.value.clone(), line: 3 };
    Quality {
        warnings: vec![format!("The host {} looks like a container.", words.host)],
        rejected: vec![RejectedReason {
            reason: "not-json".to_owned(),
            meaning: "Not JSON.".to_owned(),
            count: 1,
            first: vec![origin()],
        }],
        files: vec![FileRead {
            file: value(),
            format: "gzip, utf-8".to_owned(),
            begins_with: Some(value()),
            bytes: 4096,
            records: 7,
            alerts: 4,
            sensor: 1,
            other_text: 1,
            rejected: 1,
            duplicates: 0,
            first_alert: Some(at(2, 4)),
            last_alert: Some(at(3, 4)),
            order: Some("mixed".to_owned()),
            out_of_order: 1,
            error: Some("ends in the middle".to_owned()),
        }],
        skipped: vec![Skipped { file: value(), reason: "a symbolic link".to_owned() }],
        unknown_text: 2,
        unknown_text_first: vec![TextLine { origin: origin(), text: value() }],
        sensor: vec![SensorTotal {
            rule: value(),
            count: 1,
            meaning: Some("Falco was there.".to_owned()),
            hosts: 1,
            most: vec![ValueCount { value: words.host.clone(), count: 1 }],
            first_seen: Some(at(2, 4)),
            last_seen: None,
        }],
        lost: vec![HostLoss { host: words.host.clone(), system_calls: 9, alerts: 1 }],
        clocks: vec![ClockFault {
            fault: "ahead-of-wrapper".to_owned(),
            rule: "later than the wrapper".to_owned(),
            count: 2,
            first: Some(origin()),
            hosts: vec![ValueCount { value: words.host.clone(), count: 2 }],
            more_hosts: 1,
        }],
        unknown_priority: 1,
    }
}
