//! Requests as obs-websocket answers them: the same checks in the same order, as far as they are simulated.

use serde_json::{Value, json};

use super::world::{Input, World};

/// A code and a comment.
type Refusal = (u16, String);

fn text<'a>(data: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    match &data[name] {
        Value::String(text) if !text.is_empty() => Ok(text),
        Value::String(_) => Err((403, format!("The field value of `{name}` must not be empty."))),
        Value::Null => Err((300, format!("Your request is missing the `{name}` field."))),
        _ => Err((401, format!("The field value of `{name}` must be a string."))),
    }
}

fn not_found(name: &str) -> Refusal {
    (600, format!("No source was found by the name of `{name}`."))
}

fn input<'a>(world: &'a mut World, data: &Value) -> Result<(String, &'a mut Input), Refusal> {
    let name = text(data, "inputName")?.to_owned();
    let input = world.inputs.get_mut(&name).ok_or_else(|| not_found(&name))?;
    Ok((name, input))
}

fn scene<'a>(world: &World, data: &'a Value) -> Result<&'a str, Refusal> {
    let name = text(data, "sceneName")?;
    if world.scenes.iter().any(|scene| scene.name == name) { Ok(name) } else { Err(not_found(name)) }
}

pub(super) fn carry_out(world: &mut World, kind: &str, data: &Value) -> Result<Value, Refusal> {
    Ok(match kind {
        "GetVersion" => json!({"obsVersion": "29.1.3", "obsWebSocketVersion": "5.2.3", "rpcVersion": 1,
            "availableRequests": [], "platform": "linux", "platformDescription": "A simulation"}),
        "GetStreamStatus" => json!({"outputActive": world.streaming, "outputReconnecting": false,
            "outputTimecode": "00:00:00.000", "outputBytes": 0}),
        "GetRecordStatus" => json!({"outputActive": world.recording, "outputPaused": false, "outputBytes": 0}),
        "GetVideoSettings" => json!({"baseWidth": 1920, "baseHeight": 1080, "outputWidth": 1280, "outputHeight": 720,
            "fpsNumerator": 60, "fpsDenominator": 1}),
        "GetInputKindList" => json!({"inputKinds": world.kinds}),
        "GetSceneList" => {
            let scenes = world.scenes.iter().enumerate();
            let scenes: Vec<Value> =
                scenes.map(|(at, scene)| json!({"sceneIndex": at, "sceneName": scene.name})).collect();
            json!({"currentProgramSceneName": world.current, "currentPreviewSceneName": null, "scenes": scenes})
        }
        "GetInputList" => {
            let wanted = data["inputKind"].as_str();
            let inputs = world.inputs.iter().filter(|(_, input)| wanted.is_none_or(|kind| kind == input.kind));
            let inputs: Vec<Value> = inputs
                .map(|(name, input)| {
                    json!({"inputName": name, "inputKind": input.kind, "unversionedInputKind": input.kind})
                })
                .collect();
            json!({"inputs": inputs})
        }
        "GetInputSettings" => {
            let (_, input) = input(world, data)?;
            json!({"inputKind": input.kind, "inputSettings": input.settings})
        }
        "SetInputSettings" => {
            let (name, input) = input(world, data)?;
            let Some(settings) = data["inputSettings"].as_object() else {
                return Err((300, "Your request is missing the `inputSettings` field.".to_owned()));
            };
            if data["overlay"] == false {
                input.settings = json!({});
            }
            for (field, value) in settings {
                input.settings[field] = value.clone();
            }
            let line = format!("set {name} {}", input.settings["url"].as_str().unwrap_or_default());
            world.done.push(line);
            Value::Null
        }
        "PressInputPropertiesButton" => {
            let (name, input) = input(world, data)?;
            let button = text(data, "propertyName")?;
            if input.kind != "browser_source" || button != "refreshnocache" {
                return Err((600, "Unable to find a property by that name.".to_owned()));
            }
            world.done.push(format!("refreshed {name}"));
            world.refreshed.push(name);
            Value::Null
        }
        "GetSourceActive" => {
            let name = text(data, "sourceName")?;
            let is_there = world.inputs.contains_key(name) || world.scenes.iter().any(|scene| scene.name == name);
            if !is_there {
                return Err(not_found(name));
            }
            let active = world.is_active(name);
            json!({"videoActive": active, "videoShowing": active})
        }
        "GetSceneItemList" => {
            let name = scene(world, data)?;
            let items = world.scenes.iter().filter(|scene| scene.name == name).flat_map(|scene| &scene.items);
            let items: Vec<Value> = items
                .map(
                    |item| json!({"sceneItemId": item.id, "sourceName": item.source, "sceneItemEnabled": item.enabled}),
                )
                .collect();
            json!({"sceneItems": items})
        }
        "GetSceneItemId" => {
            let (scene, source) = (scene(world, data)?, text(data, "sourceName")?);
            let mut items = world.scenes.iter().filter(|s| s.name == scene).flat_map(|s| &s.items);
            let item = items.find(|item| item.source == source);
            let missing = || (600, "No scene items were found in the specified scene by that name.".to_owned());
            json!({"sceneItemId": item.ok_or_else(missing)?.id})
        }
        "CreateSceneItem" => {
            let (scene, source) = (scene(world, data)?.to_owned(), text(data, "sourceName")?);
            if !world.inputs.contains_key(source) {
                return Err(not_found(source));
            }
            let id = world.add_item(&scene, source, data["sceneItemEnabled"].as_bool().unwrap_or(true));
            world.done.push(format!("shared {source} in {scene}"));
            world.tell(7, "SceneItemCreated", &json!({"sceneName": scene, "sourceName": source}));
            json!({"sceneItemId": id})
        }
        "CreateInput" => create_input(world, data)?,
        _ => return Err((204, "Your request type is not valid.".to_owned())),
    })
}

fn create_input(world: &mut World, data: &Value) -> Result<Value, Refusal> {
    let scene = scene(world, data)?.to_owned();
    let (name, kind) = (text(data, "inputName")?.to_owned(), text(data, "inputKind")?.to_owned());
    if world.inputs.contains_key(&name) || world.scenes.iter().any(|scene| scene.name == name) {
        return Err((601, "A source already exists by that input name.".to_owned()));
    }
    if !world.kinds.contains(&kind) {
        return Err((605, "Your specified input kind is not supported by OBS.".to_owned()));
    }
    let settings = data["inputSettings"].clone();
    let size = format!("{}x{}", settings["width"], settings["height"]);
    world.done.push(format!("created {name} {size} {} in {scene}", settings["url"].as_str().unwrap_or_default()));
    world.inputs.insert(name.clone(), Input { kind: kind.clone(), settings });
    let id = world.add_item(&scene, &name, data["sceneItemEnabled"].as_bool().unwrap_or(true));
    world.tell(3, "InputCreated", &json!({"inputName": name, "inputKind": kind}));
    world.tell(7, "SceneItemCreated", &json!({"sceneName": scene, "sourceName": name}));
    Ok(json!({"sceneItemId": id}))
}
