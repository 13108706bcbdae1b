/**
 * RESP2 and RESP3 for the server: a table of commands, and a class for each family of them that
 * carries them out. Everything belongs to the thread of the event loop.
 */
package io.fkvs.server.resp;
