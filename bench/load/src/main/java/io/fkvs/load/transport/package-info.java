/**
 * How the load generator's bytes reach a server: one interface to many connections of one thread,
 * over Java's selectors or over io_uring. Knows nothing of what the bytes mean.
 */
package io.fkvs.load.transport;
