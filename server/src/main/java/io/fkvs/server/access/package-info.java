/** Who may be served: the password, and which clients have said it. Knows no protocol. */
package io.fkvs.server.access;
