/**
 * What a module implements that brings the server another protocol, on a listener of its own. The
 * server finds its {@link io.fkvs.server.protocol.ProtocolProvider} by name. A protocol decodes
 * requests from bytes that clients sent, announces the keys that they will need, and carries them
 * out on the server's store; connections, memory, fairness and time limits stay with the server.
 */
package io.fkvs.server.protocol;
