package io.fkvs.load.dialect;

import java.nio.ByteBuffer;

/**
 * One server protocol as the load generator needs it: what a request looks like, what its success
 * looks like, and how to read everything else a server may answer.
 *
 * <p>Implementations are stateless: any thread.
 */
public interface Dialect {
  /** The answer of {@link #parse} while the reply is not complete. */
  int INCOMPLETE = 0;

  /** The answer of {@link #parse} where the bytes are no reply of this protocol. */
  int MALFORMED = -1;

  /** No bytes: the greeting of a protocol that has none. */
  byte[] NOTHING = {};

  /**
   * What to call the protocol in a report.
   *
   * @return a name such as {@code fkvs classic}
   */
  String name();

  /**
   * What a client sends before its first request.
   *
   * @return the bytes, often none
   */
  default byte[] greeting() {
    return NOTHING;
  }

  /**
   * What a server must answer to the greeting.
   *
   * @return the bytes, none where there is no greeting
   */
  default byte[] greetingReply() {
    return NOTHING;
  }

  /**
   * The bytes of a request.
   *
   * @param operation what it asks
   * @param payload its keys and values
   * @return the template
   * @throws IllegalArgumentException where the protocol cannot carry such a payload
   */
  RequestTemplate request(Operation operation, Payload payload);

  /**
   * The bytes of the success of a request.
   *
   * @param operation what was asked
   * @param payload its keys and values
   * @return the pattern, or {@code null} where the reply holds a number that nobody can foretell
   */
  ReplyPattern success(Operation operation, Payload payload);

  /**
   * Reads one reply.
   *
   * @param buffer the memory that holds what was received
   * @param offset where the reply starts
   * @param limit where the received bytes end
   * @param operation what was asked
   * @param reply the flyweight to fill, of no meaning unless the reply is complete
   * @return the reply's length in bytes, {@link #INCOMPLETE} or {@link #MALFORMED}
   */
  int parse(ByteBuffer buffer, int offset, int limit, Operation operation, Reply reply);
}
