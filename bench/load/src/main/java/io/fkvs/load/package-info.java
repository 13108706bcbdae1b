/**
 * The load generator: connections that keep a server busy, from one event loop per thread, and
 * measure what it answers.
 */
package io.fkvs.load;
