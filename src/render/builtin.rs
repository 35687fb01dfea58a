//! The templates and static files that come with the program.

/// Templates of the Markdown pages, by name.
pub const MARKDOWN: &[(&str, &str)] = &[
    ("markdown/data-quality.md", include_str!("../../templates/markdown/data-quality.md")),
    ("markdown/host.md", include_str!("../../templates/markdown/host.md")),
    ("markdown/hosts.md", include_str!("../../templates/markdown/hosts.md")),
    ("markdown/incident.md", include_str!("../../templates/markdown/incident.md")),
    ("markdown/incidents.md", include_str!("../../templates/markdown/incidents.md")),
    ("markdown/index.md", include_str!("../../templates/markdown/index.md")),
    ("markdown/rule.md", include_str!("../../templates/markdown/rule.md")),
    ("markdown/rules.md", include_str!("../../templates/markdown/rules.md")),
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
pub const HTML: &[(&str, &str)] = &[
    ("html/base.html", include_str!("../../templates/html/base.html")),
    ("html/data-quality.html", include_str!("../../templates/html/data-quality.html")),
    ("html/host.html", include_str!("../../templates/html/host.html")),
    ("html/hosts.html", include_str!("../../templates/html/hosts.html")),
    ("html/incident.html", include_str!("../../templates/html/incident.html")),
    ("html/incidents.html", include_str!("../../templates/html/incidents.html")),
    ("html/index.html", include_str!("../../templates/html/index.html")),
    ("html/rule.html", include_str!("../../templates/html/rule.html")),
    ("html/rules.html", include_str!("../../templates/html/rules.html")),
    ("html/_analysis.html", include_str!("../../templates/html/_analysis.html")),
    ("html/_components.html", include_str!("../../templates/html/_components.html")),
    ("html/_facts.html", include_str!("../../templates/html/_facts.html")),
    ("html/_samples.html", include_str!("../../templates/html/_samples.html")),
    ("html/_seen.html", include_str!("../../templates/html/_seen.html")),
    ("html/_timeline.html", include_str!("../../templates/html/_timeline.html")),
];

/// Files that are published as they stand, by path in the site.
pub const STATIC: &[(&str, &[u8])] = &[
    ("static/site.js", include_bytes!("../../static/site.js")),
    ("static/style.css", include_bytes!("../../static/style.css")),
];
