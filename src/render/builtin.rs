//! The templates and static files that come with the program.

/// Templates of the Markdown pages, by name.
pub const MARKDOWN: &[(&str, &str)] = &[
    ("markdown/index.md", include_str!("../../templates/markdown/index.md")),
    ("markdown/incident.md", include_str!("../../templates/markdown/incident.md")),
    ("markdown/rule.md", include_str!("../../templates/markdown/rule.md")),
    ("markdown/host.md", include_str!("../../templates/markdown/host.md")),
    ("markdown/data-quality.md", include_str!("../../templates/markdown/data-quality.md")),
    ("markdown/incidents.md", include_str!("../../templates/markdown/incidents.md")),
    ("markdown/rules.md", include_str!("../../templates/markdown/rules.md")),
    ("markdown/hosts.md", include_str!("../../templates/markdown/hosts.md")),
    ("markdown/_accounting.md", include_str!("../../templates/markdown/_accounting.md")),
    ("markdown/_foot.md", include_str!("../../templates/markdown/_foot.md")),
    ("markdown/_head.md", include_str!("../../templates/markdown/_head.md")),
    ("markdown/_host_table.md", include_str!("../../templates/markdown/_host_table.md")),
    ("markdown/_incident_table.md", include_str!("../../templates/markdown/_incident_table.md")),
    ("markdown/_method.md", include_str!("../../templates/markdown/_method.md")),
    ("markdown/_pages.md", include_str!("../../templates/markdown/_pages.md")),
    ("markdown/_rule_table.md", include_str!("../../templates/markdown/_rule_table.md")),
];

/// Templates of the HTML pages, by name.
pub const HTML: &[(&str, &str)] = &[];

/// Files that are published as they stand, by path in the site.
pub const STATIC: &[(&str, &[u8])] = &[];
