/**
 * A small binding to Linux' io_uring through the Foreign Function API, as far as a server of
 * sockets needs it: a ring, its two queues, buffers that the system fills, and the system's
 * functions beside them. Knows nothing of the server.
 *
 * <p>Numbers and layouts are those of {@code linux/io_uring.h} of Linux 6.12. Results are those of
 * the system: what it answered, or the negative number of an error, which {@link
 * io.fkvs.uring.Errno} turns into text.
 */
package io.fkvs.uring;
