//! YouTube: chat without login or API key, over the endpoints that youtube.com itself uses.
