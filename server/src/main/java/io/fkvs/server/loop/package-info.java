/**
 * The event loop: connections and their phases, turns, timers, and who may connect. Knows neither a
 * transport of any kind nor a command.
 */
package io.fkvs.server.loop;
