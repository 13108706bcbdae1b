/** The limits of the server, each with the reason for its number. */
package io.fkvs.server.limits;
