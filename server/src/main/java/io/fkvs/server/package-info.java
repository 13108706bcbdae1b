/**
 * The fkvs server: one event loop that serves a {@link io.fkvs.store.Store} to clients over TCP and
 * Unix sockets.
 *
 * <p>A program that embeds it starts a {@link io.fkvs.server.Server} with a {@link
 * io.fkvs.server.ServerConfig}, and puts a table on its path.
 */
package io.fkvs.server;
