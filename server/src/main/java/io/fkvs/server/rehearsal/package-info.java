/** The warm-up before a server listens: an event loop as the server's, and clients for it. */
package io.fkvs.server.rehearsal;
