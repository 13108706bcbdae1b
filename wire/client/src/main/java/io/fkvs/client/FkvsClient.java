package io.fkvs.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A client of an fkvs server: a method for each command, which sends it and waits for its reply.
 * {@link #pipeline()} sends many before it waits.
 *
 * <p>Keys and values are byte strings; the methods that take {@code String} store and read UTF-8. A
 * request that the protocol cannot say is refused here with an {@link IllegalArgumentException}
 * that says the lengths: in classic one whose key and value together do not fit a frame of 65,535
 * bytes, in compact one whose key is longer than 65,535 bytes or whose value is longer than 1 GiB.
 *
 * <p><b>Thread rule:</b> one thread at a time. A call while another thread's is under way throws
 * {@link IllegalStateException} at once and changes nothing; calls that follow one another may come
 * from different threads. Give each thread a client of its own.
 *
 * <p><b>Time.</b> No call waits for ever. Connecting takes at most {@link
 * ClientConfig#connectTimeout()} for each address; after that, {@link ClientConfig#readTimeout()}
 * is how long a call waits without the server sending or taking a byte. Such a client closes its
 * connection, for the next reply would belong to the request that was given up.
 *
 * <p><b>Errors.</b> Every command throws {@link FkvsConnectionException} where the connection
 * breaks or times out, or did so earlier, and {@link IllegalStateException} after {@link #close()};
 * see the package's description.
 */
public final class FkvsClient implements AutoCloseable {
  /** The port of a server that is not told another. */
  public static final int DEFAULT_PORT = 5995;

  /** What {@link #ttl(byte[])} answers for a key without a deadline. */
  public static final long NO_DEADLINE = -1;

  /** What {@link #ttl(byte[])} answers for an absent key. */
  public static final long NO_KEY = -2;

  /** As many as a server lists at a time. */
  private static final int KEYS_PER_PAGE = 1000;

  private final Protocol protocol;
  private final Pipeline pipeline;

  private FkvsClient(BufferedChannel connection, Protocol protocol) {
    this.protocol = protocol;
    pipeline = new Pipeline(connection);
  }

  // ---- connecting

  /**
   * Connects over TCP, with the default timeouts.
   *
   * @param host the server's name or address; each of its addresses is tried in turn
   * @param port the server's port
   * @return the client, for the caller to close
   * @throws FkvsConnectionException if there is no such host, or no server answers there
   */
  public static FkvsClient connect(String host, int port) {
    return connect(host, port, ClientConfig.defaults());
  }

  /**
   * Connects over TCP.
   *
   * @param host the server's name or address; each of its addresses is tried in turn
   * @param port the server's port
   * @param config the timeouts and the protocol
   * @return the client, for the caller to close
   * @throws FkvsConnectionException if there is no such host, or no server answers there
   */
  public static FkvsClient connect(String host, int port, ClientConfig config) {
    FkvsConnectionException failure = null;
    for (InetAddress address : addresses(host)) {
      try {
        return connect(new InetSocketAddress(address, port), config);
      } catch (FkvsConnectionException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure;
  }

  /**
   * Connects to an address, with the default timeouts.
   *
   * @param address an {@link InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
   * @return the client, for the caller to close
   * @throws FkvsConnectionException if no server answers there
   */
  public static FkvsClient connect(SocketAddress address) {
    return connect(address, ClientConfig.defaults());
  }

  /**
   * Connects to an address.
   *
   * @param address an {@link InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
   * @param config the timeouts and the protocol
   * @return the client, for the caller to close
   * @throws FkvsConnectionException if no server answers there
   * @throws FkvsException if the server refuses the password
   * @throws IllegalArgumentException if a password is to be said in classic, or TLS to be spoken
   *     over a Unix socket
   */
  public static FkvsClient connect(SocketAddress address, ClientConfig config) {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(config, "config");
    FkvsClient client = open(address, config);
    if (config.password().isPresent()) {
      try {
        client.authenticate(config.password().get());
      } catch (RuntimeException e) {
        client.close();
        throw e;
      }
    }
    return client;
  }

  private static FkvsClient open(SocketAddress address, ClientConfig config) {
    try {
      return new FkvsClient(Connector.connect(address, config), config.protocol());
    } catch (IOException e) {
      throw new FkvsConnectionException(
          "cannot connect: address=" + address + ", reason=" + Connector.reason(e), e);
    }
  }

  private static InetAddress[] addresses(String host) {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new FkvsConnectionException("host is unknown: host=" + host, e);
    }
  }

  // ---- asking

  /**
   * The client's pipeline, the same each time. A command asked at once goes behind what is queued
   * there and waits for those replies too.
   *
   * @return the pipeline
   */
  public Pipeline pipeline() {
    return pipeline;
  }

  /**
   * Sends a request and waits for its reply.
   *
   * @param <T> what the reply says
   * @param call the request
   * @return what the reply says
   * @throws FkvsException if the server refused
   * @throws IllegalArgumentException if the protocol cannot say the request; nothing is sent
   * @throws IllegalStateException if the client is closed, or in use by another thread
   */
  public <T> T ask(Call<T> call) {
    return pipeline.ask(call);
  }

  /**
   * Looks whether the connection still stands, as far as that can be told without asking the
   * server: a close that has arrived is seen, a server that has gone without one is not.
   *
   * @return false where the client is closed, or unusable, or the server has closed the connection
   * @throws IllegalStateException if the client is in use by another thread
   */
  public boolean isConnected() {
    return pipeline.isConnected();
  }

  // ---- commands

  /**
   * Says the server's password, in compact alone. {@link ClientConfig#withPassword} lets a client
   * say it as it connects.
   *
   * @param password its bytes
   * @throws FkvsException if it is wrong, or the server has none; its code says {@link
   *     io.fkvs.wire.ErrorCode#WRONG_PASSWORD}
   * @throws IllegalArgumentException if classic is spoken
   */
  public void authenticate(byte[] password) {
    ask(Call.authenticate(password));
  }

  /**
   * Stores a value without a deadline.
   *
   * @param key the key
   * @param value the value
   * @throws FkvsException if the server refused
   */
  public void set(byte[] key, byte[] value) {
    ask(Call.set(key, value));
  }

  /**
   * Stores text without a deadline.
   *
   * @param key the key
   * @param value the value
   * @throws FkvsException if the server refused
   */
  public void set(String key, String value) {
    ask(Call.set(key, value));
  }

  /**
   * Stores a value for some time.
   *
   * @param key the key
   * @param value the value
   * @param timeToLive how long, rounded up to whole seconds in classic, milliseconds in compact;
   *     zero or less makes the key absent
   * @throws FkvsException if the server refused
   */
  public void set(byte[] key, byte[] value, Duration timeToLive) {
    ask(Call.set(key, value, timeToLive));
  }

  /**
   * Stores text for some time.
   *
   * @param key the key
   * @param value the value
   * @param timeToLive how long, rounded up to whole seconds in classic, milliseconds in compact;
   *     zero or less makes the key absent
   * @throws FkvsException if the server refused
   */
  public void set(String key, String value, Duration timeToLive) {
    ask(Call.set(key, value, timeToLive));
  }

  /**
   * Reads a value.
   *
   * @param key the key
   * @return the value, or {@code null} where the key is absent
   */
  public byte[] get(byte[] key) {
    return ask(Call.get(key));
  }

  /**
   * Reads text.
   *
   * @param key the key
   * @return the value, or {@code null} where the key is absent
   */
  public String get(String key) {
    return ask(Call.get(key));
  }

  /**
   * Reads a value and removes its key, at once: no other client sees the one without the other. In
   * compact alone.
   *
   * @param key the key
   * @return the value, or {@code null} where the key is absent
   * @throws IllegalArgumentException if classic is spoken
   */
  public byte[] getAndRemove(byte[] key) {
    return ask(Call.getAndRemove(key));
  }

  /**
   * Reads text and removes its key, at once: no other client sees the one without the other. In
   * compact alone.
   *
   * @param key the key
   * @return the value, or {@code null} where the key is absent
   * @throws IllegalArgumentException if classic is spoken
   */
  public String getAndRemove(String key) {
    return ask(Call.getAndRemove(key));
  }

  /**
   * Adds one to a number. An absent key counts as 0; a deadline stays.
   *
   * @param key the key
   * @return the new number
   * @throws FkvsException if the value is not a number, or the result does not fit a {@code long}
   */
  public long increment(byte[] key) {
    return ask(Call.increment(key));
  }

  /**
   * Adds one to a number. An absent key counts as 0; a deadline stays.
   *
   * @param key the key
   * @return the new number
   * @throws FkvsException if the value is not a number, or the result does not fit a {@code long}
   */
  public long increment(String key) {
    return ask(Call.increment(key));
  }

  /**
   * Adds to a number. An absent key counts as 0; a deadline stays.
   *
   * @param key the key
   * @param amount what to add, possibly negative
   * @return the new number
   * @throws FkvsException if the value is not a number, or the result does not fit a {@code long}
   */
  public long increment(byte[] key, long amount) {
    return ask(Call.increment(key, amount));
  }

  /**
   * Adds to a number. An absent key counts as 0; a deadline stays.
   *
   * @param key the key
   * @param amount what to add, possibly negative
   * @return the new number
   * @throws FkvsException if the value is not a number, or the result does not fit a {@code long}
   */
  public long increment(String key, long amount) {
    return ask(Call.increment(key, amount));
  }

  /**
   * Takes one from a number. An absent key counts as 0; a deadline stays.
   *
   * @param key the key
   * @return the new number
   * @throws FkvsException if the value is not a number, or the result does not fit a {@code long}
   */
  public long decrement(byte[] key) {
    return ask(Call.decrement(key));
  }

  /**
   * Takes one from a number. An absent key counts as 0; a deadline stays.
   *
   * @param key the key
   * @return the new number
   * @throws FkvsException if the value is not a number, or the result does not fit a {@code long}
   */
  public long decrement(String key) {
    return ask(Call.decrement(key));
  }

  /**
   * Takes from a number. An absent key counts as 0; a deadline stays.
   *
   * @param key the key
   * @param amount what to take, possibly negative
   * @return the new number
   * @throws FkvsException if the value is not a number, or the result does not fit a {@code long}
   */
  public long decrement(byte[] key, long amount) {
    return ask(Call.decrement(key, amount));
  }

  /**
   * Takes from a number. An absent key counts as 0; a deadline stays.
   *
   * @param key the key
   * @param amount what to take, possibly negative
   * @return the new number
   * @throws FkvsException if the value is not a number, or the result does not fit a {@code long}
   */
  public long decrement(String key, long amount) {
    return ask(Call.decrement(key, amount));
  }

  /**
   * Asks the server for a sign of life.
   *
   * @throws FkvsException if the server refused
   */
  public void ping() {
    ping(new byte[0]);
  }

  /**
   * Asks the server for a sign of life.
   *
   * @param payload what it is to send back
   * @return what it sent back
   * @throws FkvsException if the server refused
   */
  public byte[] ping(byte[] payload) {
    return ask(Call.ping(payload));
  }

  /**
   * Reads the server's figures.
   *
   * @return {@code name: value} lines in sections
   * @throws FkvsException if the server refused
   */
  public String info() {
    return ask(Call.info());
  }

  /**
   * Removes a key, if it is there; classic does not tell whether it was.
   *
   * @param key the key
   * @throws FkvsException if the server refused
   */
  public void delete(byte[] key) {
    ask(Call.delete(key));
  }

  /**
   * Removes a key, if it is there; classic does not tell whether it was.
   *
   * @param key the key
   * @throws FkvsException if the server refused
   */
  public void delete(String key) {
    ask(Call.delete(key));
  }

  /**
   * Lets a key expire after some time.
   *
   * @param key the key
   * @param timeToLive how long it lives from now, rounded up to whole seconds in classic,
   *     milliseconds in compact; zero or less removes it
   * @return whether the key was present
   */
  public boolean expire(byte[] key, Duration timeToLive) {
    return ask(Call.expire(key, timeToLive));
  }

  /**
   * Lets a key expire after some time.
   *
   * @param key the key
   * @param timeToLive how long it lives from now, rounded up to whole seconds in classic,
   *     milliseconds in compact; zero or less removes it
   * @return whether the key was present
   */
  public boolean expire(String key, Duration timeToLive) {
    return ask(Call.expire(key, timeToLive));
  }

  /**
   * Asks how long a key has still to live.
   *
   * @param key the key
   * @return seconds, {@link #NO_DEADLINE} or {@link #NO_KEY}
   * @throws FkvsException if the server refused
   */
  public long ttl(byte[] key) {
    return ask(Call.ttl(key));
  }

  /**
   * Asks how long a key has still to live.
   *
   * @param key the key
   * @return seconds, {@link #NO_DEADLINE} or {@link #NO_KEY}
   * @throws FkvsException if the server refused
   */
  public long ttl(String key) {
    return ask(Call.ttl(key));
  }

  /**
   * Clears the deadline of a key, if there are such; classic does not tell whether there were.
   *
   * @param key the key
   * @throws FkvsException if the server refused
   */
  public void persist(byte[] key) {
    ask(Call.persist(key));
  }

  /**
   * Clears the deadline of a key, if there are such; classic does not tell whether there were.
   *
   * @param key the key
   * @throws FkvsException if the server refused
   */
  public void persist(String key) {
    ask(Call.persist(key));
  }

  /**
   * Asks how long a key has still to live, in the unit that compact has.
   *
   * @param key the key
   * @return milliseconds, in classic of whole seconds; {@link #NO_DEADLINE} or {@link #NO_KEY}
   */
  public long ttlMs(byte[] key) {
    return ask(Call.ttlMs(key));
  }

  /**
   * Lists some keys, in compact alone. A scan goes from cursor 0 to cursor 0; a key that is present
   * all the while is listed at least once.
   *
   * @param cursor 0 to begin, then what the last page says
   * @param count about how many keys to list, at least 1
   * @return the page
   * @throws IllegalArgumentException if the count is less than 1, or classic is spoken
   */
  public ScanPage scan(long cursor, int count) {
    return ask(Call.scan(cursor, count));
  }

  /**
   * Lists the keys. Classic sends them as one numbered text, a line a key: a key that contains a
   * newline and then what would precede the next key is taken for two. Compact sends them a page at
   * a time; keys that come or go meanwhile may be listed or not.
   *
   * @return the keys, in no order, each once
   * @throws FkvsException if they do not fit one reply, which they always do in compact
   */
  public List<byte[]> keys() {
    return protocol == Protocol.COMPACT ? scannedKeys() : ask(Call.keys());
  }

  private List<byte[]> scannedKeys() {
    Set<ByteBuffer> seen = new HashSet<>();
    List<byte[]> keys = new ArrayList<>();
    long cursor = 0;
    do {
      ScanPage page = scan(cursor, KEYS_PER_PAGE);
      for (byte[] key : page.keys()) {
        if (seen.add(ByteBuffer.wrap(key))) {
          keys.add(key);
        }
      }
      cursor = page.cursor();
    } while (cursor != 0);
    return keys;
  }

  /**
   * What this client and its server speak.
   *
   * @return the protocol
   */
  public Protocol protocol() {
    return protocol;
  }

  /**
   * Closes the connection. What is queued and not flushed is not sent. Closing again is nothing.
   *
   * @throws IllegalStateException if the client is in use by another thread; it stays open
   */
  @Override
  public void close() {
    pipeline.close();
  }
}
