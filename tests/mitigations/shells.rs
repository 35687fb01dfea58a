//! What alertbook takes for shell is what a shell takes, and the other way round.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use alertbook::shell;

use crate::filled::{fences, plain};

fn bash_reads(script: &str) -> bool {
    let mut bash = Command::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash runs");
    bash.stdin.take().expect("it reads").write_all(script.as_bytes()).expect("it reads all");
    let output = bash.wait_with_output().expect("it ends");
    // A here-document without an end is only a warning to it.
    output.status.success() && output.stderr.is_empty()
}

#[test]
fn every_snippet_is_sound_to_both() {
    let mut all = String::new();
    for (path, page) in plain() {
        for snippet in fences(page, "sh") {
            assert_eq!(shell::fault(&snippet), None, "{}\n{snippet}", path.display());
            all.push_str(&snippet);
        }
    }
    assert!(bash_reads(&all));
}

#[test]
fn both_refuse_the_same() {
    for script in [
        "echo 'a",
        "echo \"a",
        "echo `a",
        "echo $(a",
        "echo ${a",
        "a)",
        "(a",
        "if a; then b",
        "fi",
        "for a in b; do c",
        "while a; do b; done; done",
        "case a in b) c ;;",
        "a |",
        "a &&",
        "a ||\n",
        "| a",
        "&& a",
        "; a",
        "cat <<E\na",
        "echo $'a",
        "{ a",
        "kubectl get pod \"x\n",
        "a && | b",
        "a 'b' \"c'd\" e\"",
        "docker inspect 'a'b' > c",
    ] {
        assert!(!bash_reads(script), "bash reads {script}");
        assert!(shell::fault(script).is_some(), "we read {script}");
    }
    for script in [
        "a | b && c; d &",
        "a \\\n  --b",
        "a > b 2>&1 < c",
        "for a in b c; do d \"$a\"; done",
        "if a; then b; else c; fi",
        "case a in b) c ;; (d) e ;; esac",
        "a $(b \"$(c 'd')\") `e`",
        "cat <<E > f\nit's\nE\ng",
        "(a; b) | { c; }",
        "a=$((1 + (2 << 3)))",
        "[[ a == b ]] && c",
        "a # it's",
        "a#b 'c'",
        "echo {} \\; ${a:-'b c'}",
        "while a; do b; done < c",
        "a='b' c \"d\\\"e\"",
        "! a && time b",
        "f() { a; }",
        "a >| b",
        "a |& b",
    ] {
        assert!(bash_reads(script), "bash does not read {script}");
        assert_eq!(shell::fault(script), None, "{script}");
    }
}
