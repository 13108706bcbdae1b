/**
 * What moves bytes between clients and the event loop: the interfaces, and what all sockets need.
 */
package io.fkvs.server.transport;
