-- The settings file in its first form, as it is written by hand: later programs must always read it.
CREATE TABLE channel (
    platform TEXT NOT NULL,
    identifier_type TEXT NOT NULL,
    identifier TEXT NOT NULL,
    position INTEGER NOT NULL,
    more TEXT NOT NULL,
    PRIMARY KEY (platform, identifier_type, identifier)
) STRICT, WITHOUT ROWID;
CREATE TABLE overlay (
    name TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    more TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO channel VALUES
    ('youtube', 'channelId', 'UCabcdefghijklmnopqrstuv', 1, '{"paused":true}'),
    ('twitch', 'username', 'some_channel', 0, '{"paused":false}');
INSERT INTO overlay VALUES
    ('side', 1, '{"look":"neon","values":{"fontSize":22},"window":{"opacity":80}}'),
    ('main', 0, '{"look":null,"values":{}}');
INSERT INTO setting VALUES
    ('hotkeys', '{"lock":"Ctrl+F1"}'),
    ('closeToTray', 'true'),
    ('tiktokPage', 'null');
PRAGMA user_version = 1;
