/**
 * The Java client of an fkvs server, over TCP or a Unix socket.
 *
 * <pre>{@code
 * try (FkvsClient client = FkvsClient.connect("127.0.0.1", FkvsClient.DEFAULT_PORT)) {
 *   client.set("greeting", "hello");
 *   client.set("session", "abc", Duration.ofMinutes(5));
 *   long visits = client.increment("visits");
 *   String greeting = client.get("greeting");
 *
 *   Pipeline pipeline = client.pipeline();
 *   PendingReply<String> first = pipeline.queue(Call.get("greeting"));
 *   PendingReply<Long> second = pipeline.queue(Call.increment("visits"));
 *   pipeline.flush();
 *   System.out.println(first.value() + " " + second.value());
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> A client, its pipeline and its pending replies belong to one thread at a time;
 * a call during another thread's throws {@link java.lang.IllegalStateException}. Nothing here waits
 * for a lock or starts a thread. {@link io.fkvs.client.Call} and {@link
 * io.fkvs.client.ClientConfig} are immutable, for any thread.
 *
 * <p><b>Errors.</b> What the server refuses is a {@link io.fkvs.client.FkvsException}; the client
 * goes on. A connection that broke, timed out or spoke nonsense is a {@link
 * io.fkvs.client.FkvsConnectionException}; the client is of no more use, and whether the requests
 * under way were carried out is unknown. Neither is checked: a caller can rarely mend them where
 * they arise. A request that no frame can hold is an {@link java.lang.IllegalArgumentException}
 * before anything is sent.
 *
 * <p>The classic protocol's error replies carry no reason. Where only one reason is plausible the
 * client answers plainly: {@code null} from a GET, {@code false} from an EXPIRE both mean that the
 * key is absent.
 *
 * <p><b>Protocols.</b> A client speaks classic unless {@link
 * io.fkvs.client.ClientConfig#withProtocol} says compact. In compact an error carries a {@link
 * io.fkvs.client.FkvsException#code() code} and a reason and is never taken for an absent key,
 * times to live are exact to the millisecond, values may be as large as the server takes, and
 * {@link io.fkvs.client.FkvsClient#scan} lists the keys of a store of any size.
 */
package io.fkvs.client;
