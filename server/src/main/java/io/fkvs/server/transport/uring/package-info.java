/** The transport over io_uring, on Linux. */
package io.fkvs.server.transport.uring;
