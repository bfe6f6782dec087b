# syntax=docker/dockerfile:1
# polychat-server in a container: `docker build --tag polychat-server:local .`
#
# tests/deploy.rs does what the last stage says in an empty root, as its user and with nothing but /data to write to.

# The pages, which become part of the program.
FROM node:22.23.2-bookworm-slim AS pages
WORKDIR /build/ui
COPY ui/package.json ui/package-lock.json ./
RUN --mount=type=cache,target=/cache/npm npm ci --no-audit --no-fund --cache /cache/npm
COPY icons /build/icons
COPY ui ./
RUN npm run build

# The program. The same Debian as below, so that it finds the C library that it was linked with.
FROM rust:1.95.0-slim-bookworm AS program
WORKDIR /build
COPY . .
COPY --from=pages /build/ui ui
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/build/target \
    cargo build --locked --release --package polychat-server \
    && install -D target/release/polychat-server /out/polychat-server \
    && cargo xtask licences server --output /out/THIRD-PARTY.txt

FROM debian:12.15-slim
LABEL org.opencontainers.image.title="polychat-server" \
      org.opencontainers.image.description="Every live chat on one overlay: the program without a window." \
      org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin polychat \
    && install --directory --owner polychat --group polychat --mode 0700 /data
# By these it knows the servers of the platforms.
COPY --from=program /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=program /out/polychat-server /usr/local/bin/polychat-server
COPY --from=program /out/THIRD-PARTY.txt /build/LICENSE /usr/share/doc/polychat-server/
# Inside of the container everybody may ask; who gets in is for the ports and networks of the container to say.
ENV POLYCHAT_BIND=0.0.0.0 \
    PORT=7117 \
    POLYCHAT_DATA_DIR=/data
EXPOSE 7117
VOLUME ["/data"]
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --start-interval=1s --retries=3 \
    CMD ["/usr/local/bin/polychat-server", "health"]
ENTRYPOINT ["/usr/local/bin/polychat-server"]
