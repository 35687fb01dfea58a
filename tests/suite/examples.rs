//! `examples/site` is what the program makes of `examples/logs`. `BLESS=1` rewrites it.

use std::env;

use crate::{
    golden::{bless, differences},
    program::{self, Desk},
};

#[test]
fn the_example_is_what_its_logs_become() {
    let desk = Desk::new();
    let site = desk.path().join("site");
    let mut command = program::command(&program::package().join("examples"));
    command.args(["build", "logs", "--output"]).arg(&site);
    program::finish(&mut command, None).ended(0);
    let made = program::site(&site);
    let expected = program::package().join("examples/site");
    if env::var_os("BLESS").is_some() {
        bless(&expected, &made);
    }
    differences(&expected, &made);
}
