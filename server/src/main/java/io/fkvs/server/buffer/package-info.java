/**
 * The memory of clients: buffers, the pool that lends them, replies that wait in them, and the
 * queue of clients that wait for memory. Knows neither requests nor sockets.
 */
package io.fkvs.server.buffer;
