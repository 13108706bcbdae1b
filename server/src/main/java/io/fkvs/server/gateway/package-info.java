/**
 * The gateway to a cluster: gathers the requests of this server's clients for entries that all
 * members agree on, and carries out what was agreed, in its order. Belongs to the thread of the
 * event loop.
 */
package io.fkvs.server.gateway;
