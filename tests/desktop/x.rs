//! The screen as X has it: windows, pixels, clicks and keys.

use std::path::Path;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::shape::{ConnectionExt as _, SK};
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ClientMessageEvent, ConnectionExt as _, CreateWindowAux,
    EventMask, GrabMode, ImageFormat, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, Keycode, MOTION_NOTIFY_EVENT, ModMask,
    PropMode, Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// A client of the screen.
pub(crate) struct X {
    connection: RustConnection,
    root: Window,
    size: (u16, u16),
    depth: u8,
}

/// Where a window is: left, top, width, height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: i16,
    pub(crate) y: i16,
    pub(crate) width: u16,
    pub(crate) height: u16,
}

impl Area {
    pub(crate) fn middle(self) -> (i16, i16) {
        (self.x + (self.width / 2).cast_signed(), self.y + (self.height / 2).cast_signed())
    }
}

impl X {
    pub(crate) fn open(display: &str) -> Self {
        let (connection, number) = x11rb::connect(Some(display)).unwrap();
        let screen = &connection.setup().roots[number];
        let (root, depth) = (screen.root, screen.root_depth);
        let size = (screen.width_in_pixels, screen.height_in_pixels);
        Self { connection, root, size, depth }
    }

    fn atom(&self, name: &str) -> u32 {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }

    /// Whether somebody owns a selection: a compositor, a tray.
    pub(crate) fn has_owner(&self, selection: &str) -> bool {
        let selection = self.atom(selection);
        self.connection.get_selection_owner(selection).unwrap().reply().unwrap().owner != x11rb::NONE
    }

    // Windows.

    fn windows(&self) -> Vec<Window> {
        let list = self.atom("_NET_CLIENT_LIST_STACKING");
        let managed = self.connection.get_property(false, self.root, list, AtomEnum::WINDOW, 0, 1_024);
        let managed = managed.unwrap().reply().unwrap();
        // Those that the window manager leaves alone are children of the root.
        let others = self.connection.query_tree(self.root).unwrap().reply().unwrap().children;
        managed.value32().into_iter().flatten().chain(others).collect()
    }

    fn title(&self, window: Window) -> Option<String> {
        let name = self.atom("_NET_WM_NAME");
        let title = self.connection.get_property(false, window, name, AtomEnum::ANY, 0, 1_024).ok()?.reply().ok()?;
        String::from_utf8(title.value).ok()
    }

    /// The titles of all windows that can be seen.
    pub(crate) fn titles(&self) -> Vec<String> {
        let seen = self.windows().into_iter().filter(|window| self.is_shown(*window));
        seen.filter_map(|window| self.title(window)).filter(|title| !title.is_empty()).collect()
    }

    /// A window that can be seen, by its title.
    pub(crate) fn find(&self, title: &str) -> Option<Window> {
        self.windows()
            .into_iter()
            .find(|window| self.title(*window).is_some_and(|it| it == title) && self.is_shown(*window))
    }

    fn is_shown(&self, window: Window) -> bool {
        let attributes = self.connection.get_window_attributes(window).ok().and_then(|cookie| cookie.reply().ok());
        attributes.is_some_and(|attributes| attributes.map_state == x11rb::protocol::xproto::MapState::VIEWABLE)
    }

    /// Where a window is on the screen, without the frame around it.
    pub(crate) fn area(&self, window: Window) -> Area {
        let size = self.connection.get_geometry(window).unwrap().reply().unwrap();
        let place = self.connection.translate_coordinates(window, self.root, 0, 0).unwrap().reply().unwrap();
        Area { x: place.dst_x, y: place.dst_y, width: size.width, height: size.height }
    }

    /// Pixels of a window that take clicks.
    pub(crate) fn input_area(&self, window: Window) -> u32 {
        let shape = self.connection.shape_get_rectangles(window, SK::INPUT).unwrap().reply().unwrap();
        shape.rectangles.iter().map(|part| u32::from(part.width) * u32::from(part.height)).sum()
    }

    /// Whether a window has a state, such as `_NET_WM_STATE_ABOVE`.
    pub(crate) fn has_state(&self, window: Window, state: &str) -> bool {
        let (list, state) = (self.atom("_NET_WM_STATE"), self.atom(state));
        let states = self.connection.get_property(false, window, list, AtomEnum::ATOM, 0, 64).unwrap().reply().unwrap();
        states.value32().into_iter().flatten().any(|it| it == state)
    }

    /// Makes a window an icon, as its own button does.
    pub(crate) fn iconify(&self, window: Window) {
        const ICONIC: u32 = 3;
        let change = ClientMessageEvent::new(32, window, self.atom("WM_CHANGE_STATE"), [ICONIC, 0, 0, 0, 0]);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, mask, change).unwrap();
        self.connection.flush().unwrap();
    }

    /// Asks a window to close, as the button in its frame does.
    pub(crate) fn close(&self, window: Window) {
        let change = ClientMessageEvent::new(32, window, self.atom("_NET_CLOSE_WINDOW"), [0, 2, 0, 0, 0]);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, mask, change).unwrap();
        self.connection.flush().unwrap();
    }

    // Pixels.

    /// Red, green and blue of what can be seen at a place.
    pub(crate) fn pixel(&self, (x, y): (i16, i16)) -> [u8; 3] {
        let image =
            self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, 1, 1, !0).unwrap().reply().unwrap();
        [image.data[2], image.data[1], image.data[0]]
    }

    /// The share of pixels of an area that have a colour, give or take a shade.
    pub(crate) fn share_of(&self, area: Area, colour: [u8; 3]) -> f64 {
        let image =
            self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, area.x, area.y, area.width, area.height, !0);
        let data = image.unwrap().reply().unwrap().data;
        let alike = |pixel: &[u8]| (0..3).all(|at| pixel[2 - at].abs_diff(colour[at]) <= 2);
        let (pixels, all) = (data.chunks_exact(4), f64::from(area.width) * f64::from(area.height));
        pixels.filter(|pixel| alike(pixel)).count() as f64 / all
    }

    /// How many colours an area has. One that is not painted has a few.
    pub(crate) fn colours(&self, area: Area) -> usize {
        let image =
            self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, area.x, area.y, area.width, area.height, !0);
        let data = image.unwrap().reply().unwrap().data;
        data.chunks_exact(4).map(|pixel| &pixel[..3]).collect::<std::collections::HashSet<_>>().len()
    }

    /// Keeps a picture of the whole screen.
    pub(crate) fn screenshot(&self, file: &Path) {
        let (width, height) = self.size;
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, !0);
        let data = image.unwrap().reply().unwrap().data;
        let rgb: Vec<u8> = data.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let file = std::fs::File::create(file).unwrap();
        let mut png = png::Encoder::new(file, width.into(), height.into());
        png.set_color(png::ColorType::Rgb);
        png.write_header().unwrap().write_image_data(&rgb).unwrap();
    }

    // Mouse and keys.

    fn fake(&self, kind: u8, detail: u8, (x, y): (i16, i16)) {
        self.connection.xtest_fake_input(kind, detail, x11rb::CURRENT_TIME, self.root, x, y, 0).unwrap();
        self.connection.flush().unwrap();
    }

    pub(crate) fn move_to(&self, place: (i16, i16)) {
        self.fake(MOTION_NOTIFY_EVENT, 0, place);
    }

    pub(crate) fn click(&self, place: (i16, i16)) {
        self.move_to(place);
        self.fake(BUTTON_PRESS_EVENT, 1, place);
        self.fake(BUTTON_RELEASE_EVENT, 1, place);
    }

    /// Drags from one place to another as a person does: not at once, and by way of some places between.
    pub(crate) async fn drag(&self, from: (i16, i16), to: (i16, i16)) {
        self.move_to(from);
        self.fake(BUTTON_PRESS_EVENT, 1, from);
        for step in 1..=10_i16 {
            let between = |a: i16, b: i16| a + (b - a) * step / 10;
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            self.move_to((between(from.0, to.0), between(from.1, to.1)));
        }
        self.fake(BUTTON_RELEASE_EVENT, 1, to);
    }

    fn keycode(&self, keysym: u32) -> Keycode {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let map = self.connection.get_keyboard_mapping(first, last - first + 1).unwrap().reply().unwrap();
        let per_key = usize::from(map.keysyms_per_keycode);
        let at =
            map.keysyms.chunks(per_key).position(|syms| syms.contains(&keysym)).expect("the keyboard has this key");
        first + u8::try_from(at).unwrap()
    }

    fn keycodes(&self, keys: &str) -> Vec<Keycode> {
        keys.split('+').map(|key| self.keycode(keysym(key))).collect()
    }

    /// Presses a combination such as `Ctrl+Alt+F7`, and lets go of it.
    pub(crate) fn press(&self, keys: &str) {
        drop(self.hold(keys));
    }

    /// Holds a combination until the guard is dropped.
    pub(crate) fn hold(&self, keys: &str) -> Held<'_> {
        let codes = self.keycodes(keys);
        for code in &codes {
            self.fake(KEY_PRESS_EVENT, *code, (0, 0));
        }
        Held { x: self, codes }
    }

    /// Takes a combination, as another program does that has it first. It is held until this client is gone.
    pub(crate) fn grab(&self, keys: &str) {
        let (modifiers, key) = keys.rsplit_once('+').unwrap();
        let mask = modifiers.split('+').fold(ModMask::from(0_u16), |mask, name| mask | modifier(name));
        let code = self.keycode(keysym(key));
        let grabbed = self.connection.grab_key(true, self.root, mask, code, GrabMode::ASYNC, GrabMode::ASYNC);
        grabbed.unwrap().check().unwrap();
    }
}

/// Keys that are held down.
pub(crate) struct Held<'a> {
    x: &'a X,
    codes: Vec<Keycode>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        for code in self.codes.iter().rev() {
            self.x.fake(KEY_RELEASE_EVENT, *code, (0, 0));
        }
    }
}

fn keysym(key: &str) -> u32 {
    match key {
        "Ctrl" => 0xffe3,
        "Alt" => 0xffe9,
        "Shift" => 0xffe1,
        _ => match key.strip_prefix('F').map(str::parse::<u32>) {
            Some(Ok(number)) => 0xffbd + number,
            _ => panic!("{key} is not among the keys of these tests"),
        },
    }
}

fn modifier(name: &str) -> ModMask {
    match name {
        "Ctrl" => ModMask::CONTROL,
        "Alt" => ModMask::M1,
        "Shift" => ModMask::SHIFT,
        _ => panic!("{name} is not among the modifiers of these tests"),
    }
}

/// A window of another program, of one colour, without a frame, that counts its clicks.
pub(crate) struct Underneath {
    x: X,
    clicks: usize,
}

impl Underneath {
    /// Opens it where it shall be.
    pub(crate) fn open(display: &str, area: Area, [red, green, blue]: [u8; 3]) -> Self {
        const POSITION_AND_SIZE_BY_THE_USER: u32 = 1 | 2;
        const DECORATIONS: u32 = 2;
        let x = X::open(display);
        let window = x.connection.generate_id().unwrap();
        let look = CreateWindowAux::new()
            .background_pixel(u32::from_be_bytes([0, red, green, blue]))
            .event_mask(EventMask::BUTTON_PRESS);
        let Area { x: left, y: top, width, height } = area;
        let kind = WindowClass::INPUT_OUTPUT;
        x.connection.create_window(x.depth, window, x.root, left, top, width, height, 0, kind, 0, &look).unwrap();
        let (hints, sizes) = (AtomEnum::WM_NORMAL_HINTS, AtomEnum::WM_SIZE_HINTS);
        let mut values = [0_u32; 18];
        values[0] = POSITION_AND_SIZE_BY_THE_USER;
        x.connection.change_property32(PropMode::REPLACE, window, hints, sizes, &values).unwrap();
        let frame = x.atom("_MOTIF_WM_HINTS");
        let none = [DECORATIONS, 0, 0, 0, 0];
        x.connection.change_property32(PropMode::REPLACE, window, frame, frame, &none).unwrap();
        x.connection.map_window(window).unwrap();
        x.connection.sync().unwrap();
        Self { x, clicks: 0 }
    }

    /// How often it was clicked so far.
    pub(crate) fn clicks(&mut self) -> usize {
        self.x.connection.sync().unwrap();
        while let Some(event) = self.x.connection.poll_for_event().unwrap() {
            if matches!(event, Event::ButtonPress(_)) {
                self.clicks += 1;
            }
        }
        self.clicks
    }
}

/// A window of another program that has the keyboard and covers the whole screen, as games do.
pub(crate) struct FullScreen {
    _x: X,
}

impl FullScreen {
    pub(crate) fn open(display: &str, [red, green, blue]: [u8; 3]) -> Self {
        let x = X::open(display);
        let window = x.connection.generate_id().unwrap();
        let look = CreateWindowAux::new().background_pixel(u32::from_be_bytes([0, red, green, blue]));
        let (width, height) = x.size;
        let kind = WindowClass::INPUT_OUTPUT;
        x.connection.create_window(x.depth, window, x.root, 0, 0, width, height, 0, kind, 0, &look).unwrap();
        let (list, state) = (x.atom("_NET_WM_STATE"), x.atom("_NET_WM_STATE_FULLSCREEN"));
        let replace = x11rb::protocol::xproto::PropMode::REPLACE;
        x.connection.change_property32(replace, window, list, AtomEnum::ATOM, &[state]).unwrap();
        x.connection.map_window(window).unwrap();
        let active = ClientMessageEvent::new(32, window, x.atom("_NET_ACTIVE_WINDOW"), [2, 0, 0, 0, 0]);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        x.connection.send_event(false, x.root, mask, active).unwrap();
        x.connection.sync().unwrap();
        Self { _x: x }
    }
}
