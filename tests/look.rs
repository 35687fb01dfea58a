//! The look of the pages: colours that can be read, files that stay small, templates that leave no
//! way in.

use std::{collections::BTreeMap, fs, path::Path};

const STYLE: &str = include_str!("../static/style.css");
const SCRIPT: &str = include_str!("../static/site.js");

/// The colours of one list: name and `#rrggbb`.
type Colours<'a> = BTreeMap<&'a str, &'a str>;

#[test]
fn all_text_is_legible_in_light_and_dark() {
    let text = ["ink", "faint", "accent", "critical", "error", "warning", "notice", "info"];
    let grounds = ["paper", "ground", "hover"];
    for (scheme, colours) in schemes() {
        for (front, back) in text.iter().flat_map(|text| grounds.map(|ground| (*text, ground))) {
            assert_contrast(scheme, &colours, (front, back), 4.5);
        }
        for pair in [
            ("on-light", "h1"),
            ("on-light", "h2"),
            ("on-light", "h3"),
            ("on-dark", "h4"),
            ("on-dark", "h5"),
        ] {
            assert_contrast(scheme, &colours, pair, 4.5);
        }
    }
}

#[test]
fn all_graphics_stand_out_in_light_and_dark() {
    for (scheme, colours) in schemes() {
        for graphic in ["bar", "edge", "strong", "critical", "error", "warning", "notice", "info"] {
            assert_contrast(scheme, &colours, (graphic, "paper"), 3.0);
        }
    }
}

#[test]
fn the_switch_gives_the_same_dark_as_the_system() {
    let lists = lists();
    assert_eq!(lists.len(), 3);
    assert_eq!(lists[1], lists[2]);
    assert!(lists[0].keys().eq(lists[1].keys()));
}

#[test]
fn style_and_script_are_small_and_load_nothing() {
    for (name, text) in [("style.css", STYLE), ("site.js", SCRIPT)] {
        assert!(text.len() < 20_000, "{name} has {} bytes", text.len());
        for foreign in
            ["http:", "//cdn", "url(", "@import", "fetch(", "XMLHttp", "innerHTML", "eval("]
        {
            assert!(!text.contains(foreign), "{name} has {foreign}");
        }
    }
}

#[test]
fn templates_have_no_inline_script_or_style_and_quote_what_they_print() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/html");
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("the templates are there") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a template is UTF-8");
        seen += 1;
        for way_in in [" style=", "<style", " onclick=", " onload=", "javascript:", "http:", "={{ "]
        {
            // Mail programs take styles from attributes alone.
            let mail = path.ends_with("mail.html") && way_in == " style=";
            assert!(mail || !text.contains(way_in), "{} has {way_in}", path.display());
        }
        for script in text.match_indices("<script").map(|(at, _)| &text[at..]) {
            assert!(
                script.starts_with("<script defer src=\"{{ site.root }}"),
                "{}",
                path.display()
            );
        }
    }
    assert!(seen > 8, "only {seen} templates");
}

#[test]
fn styles_of_the_mail_hold_no_value_and_load_nothing() {
    let text = include_str!("../templates/html/mail.html");
    let named = |name: &str| text.contains(&format!("{{% set {name} = \""));
    let mut seen = 0;
    for style in text.split(" style=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        for printed in style.split("{{ ").skip(1).filter_map(|rest| rest.split(" }}").next()) {
            assert!(named(printed), "{printed} in a style is no style of the template");
            seen += 1;
        }
    }
    assert!(seen > 10, "only {seen} styles");
    for foreign in ["url(", "@import", "src=", "<img", "<link", "<script", "position:"] {
        assert!(!text.contains(foreign), "the mail has {foreign}");
    }
}

fn schemes() -> [(&'static str, Colours<'static>); 2] {
    let mut lists = lists().into_iter();
    let mut next = || lists.next().expect("a list of colours");
    [("light", next()), ("dark", next())]
}

/// The lists of colours in the order of the stylesheet.
fn lists() -> Vec<Colours<'static>> {
    STYLE
        .split('}')
        .filter(|block| block.contains("--paper: "))
        .map(|block| {
            let lines = block.lines().filter_map(|line| line.trim().strip_prefix("--"));
            lines
                .filter_map(|line| line.strip_suffix(';')?.split_once(": "))
                .filter(|(_, value)| value.starts_with('#'))
                .collect()
        })
        .collect()
}

fn assert_contrast(scheme: &str, colours: &Colours<'_>, (front, back): (&str, &str), least: f64) {
    let (high, low) = {
        let (front, back) = (luminance(colours[front]), luminance(colours[back]));
        (front.max(back), front.min(back))
    };
    let contrast = (high + 0.05) / (low + 0.05);
    assert!(contrast >= least, "{scheme}: {front} on {back} has {contrast:.2}, not {least}");
}

/// Relative luminance as WCAG 2 defines it.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("two hexadecimal digits");
        let share = f64::from(value) / 255.0;
        if share <= 0.03928 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
