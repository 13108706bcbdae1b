/**
 * The fkvs server: one event loop that serves a {@link io.fkvs.store.Store} to clients over TCP and
 * Unix sockets.
 *
 * <p>{@link io.fkvs.server.FkvsServer} is the program, {@link io.fkvs.server.Server} the same for
 * those who embed it.
 */
package io.fkvs.server;
