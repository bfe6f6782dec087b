//! Everything that can be set about an overlay, once: what addresses may say, what a look may hold, what is the default, and
//! what a form shows are all read from here. `ui/src/lib/bindings/LookSchema.ts` is written from it by the tests of this
//! crate.

use serde::Serialize;

/// One thing that can be set.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    /// Where a form shows it.
    pub group: Group,
    /// The setting, as the pages call it.
    pub id: &'static str,
    /// What values it has.
    #[serde(flatten)]
    pub kind: Kind,
    /// Names in an address, in any spelling of upper and lower case. The first one that says something counts.
    pub query: &'static [Alias],
    /// Makes sense only while another setting has that value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_if: Option<ShowIf>,
}

/// A part of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Group {
    /// How words look.
    Text,
    /// How everything is laid out.
    Layout,
    /// What a message is made of.
    Parts,
    /// What moves, and when.
    Motion,
    /// What is shown of all that happens.
    Shown,
}

/// What values a setting has.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Kind {
    /// Yes or no.
    Switch {
        /// Without a word about it.
        default: bool,
    },
    /// A number that is typed.
    Number(Range),
    /// A number that is found by moving something.
    Slider(Range),
    /// One of a few words.
    Select {
        /// Without a word about it.
        default: &'static str,
        /// All words.
        options: &'static [&'static str],
    },
    /// `#rrggbb`, `#rrggbbaa`, or `none`.
    Colour {
        /// As the look has it.
        default: (),
    },
    /// Names of fonts with commas.
    Font {
        /// As the look has it.
        default: (),
    },
    /// Words.
    Text {
        /// Which words.
        form: Form,
        /// Without a word about it.
        default: Option<&'static [&'static str]>,
    },
}

/// What numbers there are.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Range {
    /// Without a word about it.
    pub default: f64,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
    /// 1 means whole numbers; else only how a slider moves.
    pub step: f64,
    /// What is counted.
    pub unit: Unit,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum Unit {
    /// CSS pixels.
    #[serde(rename = "px")]
    Pixels,
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// So many times as much. In an address `150%` and `150` are the same as `1.5`.
    #[serde(rename = "×")]
    Times,
    /// Pieces.
    #[serde(rename = "")]
    Pieces,
}

/// What words mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A language tag.
    Language,
    /// Rules.
    Css,
    /// Names of people with commas. In an address the words of all its names count, as in the next two.
    Names,
    /// Kinds of happenings with commas.
    Kinds,
    /// Platforms with commas.
    Platforms,
    /// What people are in a channel, with commas.
    Roles,
    /// Any words with commas.
    Words,
    /// Lines.
    Lines,
}

/// A name in an address.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Alias {
    /// The name.
    pub name: &'static str,
    /// The value that it means when it says yes. Without one it is read like any other value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yes: Option<Fixed>,
    /// The value that it means when it says no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no: Option<Fixed>,
    /// What its number is multiplied by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<f64>,
}

/// A value that is known beforehand.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum Fixed {
    /// Yes or no.
    Is(bool),
    /// One of a select's words.
    Word(&'static str),
    /// Words of a text.
    Words(&'static [&'static str]),
}

/// That another setting has a value.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ShowIf {
    /// The setting.
    pub id: &'static str,
    /// The value.
    pub is: Fixed,
}

const fn by(name: &'static str) -> Alias {
    Alias { name, yes: None, no: None, times: None }
}

/// A name that turns something off.
const fn off(name: &'static str) -> Alias {
    Alias { name, yes: Some(Fixed::Is(false)), no: Some(Fixed::Is(true)), times: None }
}

const fn words(name: &'static str, yes: &'static [&'static str]) -> Alias {
    Alias { name, yes: Some(Fixed::Words(yes)), no: Some(Fixed::Words(&[])), times: None }
}

const fn control(group: Group, id: &'static str, kind: Kind, query: &'static [Alias]) -> Control {
    Control { group, id, kind, query, show_if: None }
}

const fn only_if(control: Control, id: &'static str, is: bool) -> Control {
    Control { show_if: Some(ShowIf { id, is: Fixed::Is(is) }), ..control }
}

const fn switch(default: bool) -> Kind {
    Kind::Switch { default }
}

const fn slider(default: f64, min: f64, max: f64, step: f64, unit: Unit) -> Kind {
    Kind::Slider(Range { default, min, max, step, unit })
}

const fn select(options: &'static [&'static str], default: &'static str) -> Kind {
    Kind::Select { default, options }
}

const fn text(form: Form) -> Kind {
    let default: Option<&'static [&'static str]> = match form {
        Form::Language | Form::Css => None,
        Form::Words | Form::Lines | Form::Names | Form::Kinds | Form::Platforms | Form::Roles => Some(&[]),
    };
    Kind::Text { form, default }
}

const COLOUR: Kind = Kind::Colour { default: () };
const FONT: Kind = Kind::Font { default: () };
const COMMANDS: &[&str] = &["!"];
const PLATFORMS: &[&str] = &["youtube", "tiktok", "twitch"];

/// Everything that can be set, in the order in which it is offered.
pub const SCHEMA: &[Control] = {
    use Group::{Layout, Motion, Parts, Shown, Text};
    use Unit::{Pieces, Pixels, Seconds, Times};
    &[
        control(Text, "fontSize", slider(20.0, 8.0, 96.0, 0.5, Pixels), &[by("fontSize")]),
        control(Text, "scale", slider(1.0, 0.5, 3.0, 0.05, Times), &[by("scale")]),
        control(Text, "font", FONT, &[by("font")]),
        control(Text, "weight", select(&["auto", "400", "500", "600", "700", "800"], "auto"), &[by("weight")]),
        control(Text, "ink", COLOUR, &[by("color")]),
        only_if(
            control(
                Text,
                "outline",
                select(&["auto", "none", "shadow", "thin", "medium", "thick", "thicker"], "auto"),
                &[by("outline")],
            ),
            "bubble",
            false,
        ),
        control(Text, "smallCaps", switch(false), &[by("smallcaps")]),
        control(Text, "surface", COLOUR, &[by("surface")]),
        control(Text, "lang", text(Form::Language), &[by("lang")]),
        control(Layout, "plate", COLOUR, &[by("background")]),
        control(Layout, "opacity", slider(1.0, 0.0, 1.0, 0.05, Times), &[by("opacity")]),
        control(
            Layout,
            "limit",
            Kind::Number(Range { default: 60.0, min: 1.0, max: 200.0, step: 1.0, unit: Pieces }),
            &[by("limit")],
        ),
        control(Layout, "compact", switch(false), &[by("compact")]),
        control(Layout, "bubble", switch(false), &[by("bubble")]),
        control(Layout, "horizontal", switch(false), &[by("horizontal")]),
        control(Layout, "reverse", switch(false), &[by("reverse")]),
        only_if(control(Layout, "alignRight", switch(false), &[by("alignright")]), "horizontal", false),
        control(Layout, "rtl", switch(false), &[by("rtl")]),
        control(
            Parts,
            "avatars",
            select(&["auto", "on", "off"], "auto"),
            &[Alias { name: "noavatar", yes: Some(Fixed::Word("off")), no: Some(Fixed::Word("on")), times: None }],
        ),
        control(Parts, "badges", switch(true), &[off("nobadges")]),
        control(Parts, "times", switch(false), &[off("notime")]),
        control(
            Parts,
            "mark",
            select(&["icon", "bar", "off"], "icon"),
            &[Alias { name: "hidesource", yes: Some(Fixed::Word("off")), no: None, times: None }, by("source")],
        ),
        control(Parts, "ticker", switch(false), &[by("ticker")]),
        control(Parts, "emoteScale", slider(1.0, 0.5, 3.0, 0.05, Times), &[by("emoteScale")]),
        control(Parts, "bigEmotes", switch(false), &[by("bigemotes")]),
        control(Parts, "stripLinks", switch(false), &[by("striplinks")]),
        control(
            Motion,
            "hideAfter",
            slider(0.0, 0.0, 3_600.0, 0.5, Seconds),
            &[Alias { name: "showtime", yes: None, no: None, times: Some(0.001) }, by("hideAfter")],
        ),
        control(Motion, "animate", switch(true), &[by("animate")]),
        control(Motion, "stillEmotes", switch(false), &[by("staticemotes")]),
        control(Shown, "hideBots", switch(true), &[by("hideBots")]),
        control(
            Shown,
            "prefixes",
            Kind::Text { form: Form::Words, default: Some(COMMANDS) },
            &[words("hideCommands", COMMANDS), words("excludeCommands", COMMANDS)],
        ),
        control(Shown, "hiddenNames", text(Form::Names), &[by("hidefrom"), by("exclude"), by("ignoreChatters")]),
        control(Shown, "onlyNames", text(Form::Names), &[by("onlyfrom")]),
        control(Shown, "hiddenWords", text(Form::Words), &[by("hidewords")]),
        control(Shown, "patterns", text(Form::Lines), &[by("hideregex"), by("regex")]),
        control(Shown, "onlyRoles", text(Form::Roles), &[by("onlyroles")]),
        control(Shown, "hiddenRoles", text(Form::Roles), &[by("hideroles")]),
        control(Shown, "hideLinks", switch(false), &[by("hidelinks")]),
        control(Shown, "onlyFirst", switch(false), &[by("onlyfirst")]),
        control(
            Shown,
            "minAmount",
            Kind::Number(Range { default: 0.0, min: 0.0, max: 10_000.0, step: 0.01, unit: Pieces }),
            &[by("minamount")],
        ),
        control(Shown, "delay", slider(0.0, 0.0, 60.0, 1.0, Seconds), &[by("delay")]),
        control(Shown, "featured", select(&["top", "middle", "bottom", "off"], "top"), &[by("featured")]),
        control(Shown, "onlyKinds", text(Form::Kinds), &[by("onlytype")]),
        control(Shown, "hiddenKinds", text(Form::Kinds), &[by("hidetype")]),
        control(Shown, "shownKinds", text(Form::Kinds), &[by("showtype")]),
        control(Shown, "blurred", text(Form::Platforms), &[words("blur", PLATFORMS)]),
        control(Text, "css", text(Form::Css), &[by("css"), by("b64css")]),
    ]
};

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::look::{LOOKS, MAX_LOOK_CSS, MAX_LOOK_NAME, MAX_LOOKS};

    /// Called like the tests that ts-rs makes: with these it is run where bindings are written and compared.
    #[test]
    fn export_bindings_look_schema() {
        let controls: Vec<String> =
            SCHEMA.iter().map(|control| format!("\t{},\n", serde_json::to_string(control).unwrap())).collect();
        let text = format!(
            "// This file was generated from crates/model/src/look/schema.rs. Do not edit it.\n\n\
             /** Everything that can be set about an overlay. */\n\
             export const LOOK_SCHEMA = [\n{}] as const;\n\n\
             /** The looks that come with Polychat, in the order in which they are offered; the first one is that of an overlay without a look. */\n\
             export const LOOKS = {} as const;\n\n\
             /** How many own looks are kept, and how long the parts of one may be: letters of its name, bytes of its CSS. */\n\
             export const LOOK_LIMITS = {{ looks: {MAX_LOOKS}, name: {MAX_LOOK_NAME}, css: {MAX_LOOK_CSS} }} as const;\n",
            controls.concat(),
            serde_json::to_string(&LOOKS).unwrap(),
        );
        let folder = std::env::var("TS_RS_EXPORT_DIR").map_or_else(|_| PathBuf::from("bindings"), PathBuf::from);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("LookSchema.ts"), text).unwrap();
    }

    #[test]
    fn every_setting_has_one_control() {
        let mut ids: Vec<_> = SCHEMA.iter().map(|control| control.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), SCHEMA.len());
    }
}
