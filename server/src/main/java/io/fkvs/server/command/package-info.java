/**
 * Requests: what is decoded, carried out on the store and answered, in either protocol. Knows
 * neither sockets nor timers.
 */
package io.fkvs.server.command;
