//! The shapes in which alerts are found, named in `check`.

use std::fmt;

macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($variant:ident $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
            #[doc = "None of them."]
            #[default]
            None,
        }

        impl $type {
            /// Its name; empty for none.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::None => "",
                }
            }
        }
    };
}

named! {
    /// What stands around an alert.
    Wrapper {
        Syslog "syslog",
        Cri "cri",
        Docker "docker",
        Kubectl "kubectl",
        Timestamps "timestamps",
        Journald "journald",
        Numbered "numbered lines",
        Array "json array",
        Elasticsearch "elasticsearch",
        Loki "loki",
        CloudEvents "cloudevents",
        Splunk "splunk",
        Datadog "datadog",
        KafkaRest "kafka rest",
        WebUi "falcosidekick-ui",
        Wazuh "wazuh",
        Otlp "otlp",
        Fluent "fluent",
        CloudWatch "cloudwatch",
        Json "json",
        Text "text",
    }
}

named! {
    /// What an alert itself is, or another record of the sensor.
    Form {
        Json "falco json",
        Text "falco text",
        Undated "falco text without a date",
        DatedByFile "falco text dated by its file's name",
        Cef "cef",
        Table "table",
        Declared "declared source",
        Metrics "falco metrics",
    }
}

/// The shape of an alert as it stands in its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape {
    /// What stands around it.
    pub wrapper: Wrapper,
    /// What it is.
    pub form: Form,
    /// The detector whose record it is, where a source declares it; else empty.
    pub detector: &'static str,
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = if self.detector.is_empty() { self.form.name() } else { self.detector };
        match self.wrapper {
            Wrapper::None => out.write_str(form),
            wrapper => write!(out, "{} + {form}", wrapper.name()),
        }
    }
}
