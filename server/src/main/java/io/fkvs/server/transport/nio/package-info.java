/** The transport over {@code java.nio}, on every system. */
package io.fkvs.server.transport.nio;
