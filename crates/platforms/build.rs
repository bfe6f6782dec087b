//! Makes the types of TikTok's messages from `proto/`, without protoc.
//!
//! Of each message only what is read is made: what nobody reads is skipped over, and costs neither time nor memory.
//! Without their unread fields the types hold no type that holds itself, so that no message can be nested deeply.
//! Texts become bytes: TikTok cuts them at a number of bytes, at times within a character, and such a text must not cost
//! the message.

use std::collections::HashMap;
use std::io;

use prost_build::Config;
use prost_types::field_descriptor_proto::Type;

use fields::READ;

#[path = "build/fields.rs"]
mod fields;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=proto");
    println!("cargo::rerun-if-changed=build");
    let mut files = protox::compile(["webcast.proto"], ["proto"]).map_err(io::Error::other)?;
    let mut read: HashMap<&str, Vec<&str>> =
        READ.iter().map(|(message, fields)| (*message, fields.split_whitespace().collect())).collect();
    for file in &mut files.file {
        // Its places count the fields that are gone.
        file.source_code_info = None;
        file.message_type.retain_mut(|message| {
            let Some(fields) = read.remove(message.name()) else { return false };
            for field in &fields {
                let known = message.field.iter().any(|known| known.name() == *field);
                assert!(known, "{}.{field} is not in proto/", message.name());
            }
            message.field.retain(|field| fields.contains(&field.name()));
            for field in &mut message.field {
                if field.r#type() == Type::String {
                    field.set_type(Type::Bytes);
                }
            }
            true
        });
    }
    assert!(read.is_empty(), "not in proto/: {:?}", read.keys());
    Config::new().bytes(["."]).compile_fds(files)
}
