//! Spoils JSON in every single place, for tests: what is read must stand each of it.

use serde_json::{Value, json};

/// Calls `check` with `json` once for each of its values: without it, and with values of other kinds in its place.
pub(crate) fn each_mutation(json: &Value, mut check: impl FnMut(&Value)) {
    let mut places = Vec::new();
    collect(json, &mut String::new(), &mut places);
    assert!(places.len() > 3, "nothing to spoil");
    for place in &places {
        let mut without = json.clone();
        remove(&mut without, place);
        check(&without);
        for other in others() {
            let mut spoilt = json.clone();
            let value = spoilt.pointer_mut(place).expect("the place is from the same value");
            if std::mem::discriminant(value) == std::mem::discriminant(&other) {
                continue;
            }
            *value = other;
            check(&spoilt);
        }
    }
}

fn others() -> [Value; 8] {
    [
        json!(null),
        json!(false),
        json!(-1),
        json!(1e300),
        json!("\u{0}\u{202e}x"),
        json!([[], [{}], null]),
        json!({"a": {"b": []}}),
        json!(u64::MAX),
    ]
}

fn collect(value: &Value, path: &mut String, places: &mut Vec<String>) {
    let len = path.len();
    let mut step = |name: &str, below: &Value| {
        path.push('/');
        path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        places.push(path.clone());
        collect(below, path, places);
        path.truncate(len);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, below)| step(name, below)),
        Value::Array(entries) => entries.iter().enumerate().for_each(|(i, below)| step(&i.to_string(), below)),
        _ => {}
    }
}

fn remove(json: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').expect("a place begins with a slash");
    match json.pointer_mut(parent).expect("the place is from the same value") {
        Value::Object(fields) => {
            fields.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        Value::Array(entries) => {
            entries.remove(name.parse().expect("entries have numbers"));
        }
        _ => unreachable!("only objects and lists have places in them"),
    }
}
